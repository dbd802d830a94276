internal import Glibc

/// Texts compared by their UTF-8. `==` and `<` also take two spellings of one character for the same.
extension String {
    package func hasSameUTF8(as other: String) -> Bool { compareUTF8(other) == 0 }

    package func precedesInUTF8(_ other: String) -> Bool { compareUTF8(other) < 0 }

    private func compareUTF8(_ other: String) -> Int {
        var a = self, b = other
        return a.withUTF8 { a in
            b.withUTF8 { b in
                let count = min(a.count, b.count)
                let order = count == 0 ? 0 : unsafe memcmp(a.baseAddress!, b.baseAddress!, count)
                return order == 0 ? a.count - b.count : Int(order)
            }
        }
    }
}
