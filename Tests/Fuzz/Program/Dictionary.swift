import Glibc
import Native

/// A dictionary in libFuzzer's form: a quoted word a line, with `\xNN`, `\"` and `\\`.
enum Dictionary {
    static func words(ofFile path: String) -> [[UInt8]] {
        guard let file = unsafe fopen(path, "r") else { fatalError("cannot read \(path)") }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 4096), words: [[UInt8]] = []
        while unsafe fgets(&line, Int32(line.count), file) != nil {
            let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            guard let open = bytes.firstIndex(of: UInt8(ascii: "\"")), bytes.first != UInt8(ascii: "#"),
                let close = bytes.lastIndex(of: UInt8(ascii: "\"")), open < close
            else { continue }
            words.append(unescaped(bytes[(open + 1)..<close]))
        }
        return words
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var rest = text, word: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
                word.append(byte)
                continue
            }
            if next == UInt8(ascii: "x"), let value = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self))?.first
            {
                rest = rest.dropFirst(2)
                word.append(value)
            } else {
                word.append(next)
            }
        }
        return word
    }
}
