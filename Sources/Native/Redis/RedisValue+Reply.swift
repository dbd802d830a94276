internal import CHiredis

extension RedisValue {
    /// Copies hiredis's tree; the caller keeps and frees `reply`.
    @unsafe init(copying reply: UnsafePointer<redisReply>) {
        let type = unsafe reply.pointee.type
        switch type {
        case REDIS_REPLY_INTEGER:
            self = unsafe .integer(Int(reply.pointee.integer))
        case REDIS_REPLY_STRING, REDIS_REPLY_STATUS:
            self = unsafe .string(Self.bytes(of: reply))
        case REDIS_REPLY_ERROR:
            self = unsafe .error(String(decoding: Self.bytes(of: reply), as: UTF8.self))
        case REDIS_REPLY_ARRAY:
            self = unsafe .array(
                (0..<Int(reply.pointee.elements)).map { index in
                    unsafe RedisValue(copying: reply.pointee.element[index]!)
                })
        default:
            self = .null
        }
    }

    private static func bytes(of reply: UnsafePointer<redisReply>) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: reply.pointee.str, count: Int(reply.pointee.len)))
    }
}
