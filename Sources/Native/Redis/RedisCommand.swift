/// A command with its arguments, ready to be written.
package struct RedisCommand: Sendable {
    private(set) var words: RedisArguments

    /// The name and then the arguments, one word each.
    package init(_ words: String...) {
        self.words = RedisArguments()
        for word in words { self.words.append(word) }
    }

    package mutating func append(_ text: String) { words.append(text) }
    package mutating func append(_ number: Int) { words.append(number) }
    package mutating func append(bytes: [UInt8]) { words.append(bytes: bytes) }
    package mutating func append(_ arguments: RedisArguments) { words.append(arguments) }

    init(_ words: RedisArguments) { self.words = words }

    /// What stands before the words on the wire.
    var header: [UInt8] {
        [UInt8](capacity: 24) { header in
            header.append(UInt8(ascii: "*"))
            header.append(decimal: words.count)
            header.appendLineEnd()
        }
    }
}
