import Native
import TestSupport
import Testing

@Suite("Process")
struct ProcessTests {
    @Test func `what the process uses is measured`() {
        let usage = ProcessUsage.now()
        #expect(usage.cpuSeconds > 0)
        #expect(usage.residentBytes > 1 << 20)
        #expect(usage.openDescriptors >= 3)
        #expect(usage.threads >= 1)
        #expect(DescriptorLimit.raise() >= 256)
    }

    @Test func `a small file is replaced in one step, with its mode`() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = folder.path + "/secret"
        try SmallFile.write("one", to: path)
        try SmallFile.write("two", to: path, mode: 0o600)
        #expect(SmallFile.read(path) == "two")
        #expect(SmallFile.read(folder.path + "/none") == nil)
        #expect(throws: SystemError.self) { try SmallFile.write("x", to: "/no/such/folder/file") }
    }
}

@Suite("Line splitter")
struct LineSplitterTests {
    @Test(arguments: 1...9)
    func `lines do not depend on how the bytes arrive`(piece: Int) {
        let bytes = Array("one\r\ntwo\n\nvier ü\nrest".utf8)
        var splitter = LineSplitter()
        var lines: [String] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            lines += splitter.append(bytes[start..<min(start + piece, bytes.count)])
        }
        #expect(lines == ["one", "two", "", "vier ü"])
        #expect(splitter.finish() == "rest")
        #expect(splitter.finish() == nil)
    }

    @Test func `a line without an end comes in pieces`() {
        var splitter = LineSplitter(limit: 4)
        #expect(splitter.append(Array("abcdefghij".utf8)) == ["abcd", "efgh"])
        #expect(splitter.finish() == "ij")
    }
}
