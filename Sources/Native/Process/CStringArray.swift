internal import Glibc

/// Copies of strings as C wants them for a new process: a list of pointers that ends with null. Owns the memory.
@safe struct CStringArray: ~Copyable {
    /// Null for no list at all.
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!
    private let count: Int

    init(_ strings: [String]?) {
        count = strings?.count ?? 0
        guard let strings else {
            unsafe pointers = nil
            return
        }
        unsafe pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { unsafe pointers[index] = strdup(string) }
        unsafe pointers[count] = nil
    }

    deinit {
        for index in 0..<count { unsafe free(pointers[index]) }
        unsafe pointers?.deallocate()
    }
}
