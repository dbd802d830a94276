/// A list of strings as C wants it: pointers to NUL-terminated text, ended by a null pointer.
struct PostgresStrings {
    private let strings: [String]

    init(_ strings: [String]) { self.strings = strings }

    /// Lends the list for the time of `body`.
    func use<T>(_ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
        var bytes: [CChar] = []
        var starts: [Int] = []
        for string in strings {
            starts.append(bytes.count)
            bytes.append(contentsOf: string.utf8CString)
        }
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            var pointers: [UnsafePointer<CChar>?] = unsafe starts.map { unsafe buffer.baseAddress! + $0 }
            unsafe pointers.append(nil)
            return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
        }
    }
}
