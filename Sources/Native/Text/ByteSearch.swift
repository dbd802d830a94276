internal import Glibc

/// Searches by memchr(3), which looks at many bytes at once: a collection's own looks at one after another.
package enum ByteSearch {
    package static func firstIndex(of byte: UInt8, in bytes: ArraySlice<UInt8>) -> Int? {
        let found = unsafe bytes.withUnsafeBufferPointer { bytes in unsafe offset(of: byte, in: bytes) }
        return found.map { bytes.startIndex + $0 }
    }

    /// Whether the byte is among those of the text in UTF-8.
    package static func contains(_ byte: UInt8, in text: String) -> Bool {
        let isThere = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe offset(of: byte, in: $0) != nil }
        return isThere ?? text.utf8.contains(byte)
    }

    private static func offset(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let start = bytes.baseAddress, let found = unsafe memchr(start, Int32(byte), bytes.count) else {
            return nil
        }
        return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(start)
    }
}
