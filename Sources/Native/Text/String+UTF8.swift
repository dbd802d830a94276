internal import Glibc

/// Texts compared by their UTF-8. `==` and `<` also take two spellings of one character for the same.
extension String {
    /// Less than 0 when this one comes before the other, 0 when they are the same bytes, else more.
    package func compareUTF8(_ other: String) -> Int {
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
