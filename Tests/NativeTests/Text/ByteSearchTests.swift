import Native
import Testing

@Suite("Byte search")
struct ByteSearchTests {
    @Test(arguments: ["", "a", "short", "a text too long to be kept in place", "שלום", "a\0b", "\0"])
    func `a byte is found where the collection finds it`(text: String) {
        for byte in [0, 0x61, 0x62, 0xD7, 0xFF] as [UInt8] {
            #expect(ByteSearch.contains(byte, in: text) == text.utf8.contains(byte))
            let bytes = Array("ab\(text)ab".utf8), slice = bytes[2..<(bytes.count - 2)]
            #expect(ByteSearch.firstIndex(of: byte, in: slice) == slice.firstIndex(of: byte))
        }
    }
}
