extension OutputSpan<UInt8> {
    /// Copies `bytes` behind what is there already. Traps when there is no room for them.
    mutating func append(copying bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        unsafe withUnsafeMutableBufferPointer { room, used in
            precondition(bytes.count <= room.count - used, "no room for the bytes")
            unsafe (room.baseAddress! + used).initialize(from: start, count: bytes.count)
            used += bytes.count
        }
    }
}
