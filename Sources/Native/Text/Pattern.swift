internal import CPCRE2

/// A regular expression of PCRE2's, read as ECMA-262's are where the two differ and PCRE2 can. Owns the compiled code and
/// frees it once.
///
/// The expression and the text may both be a stranger's: neither takes the process along, nor the loop's time.
@safe package struct Pattern: ~Copyable {
    /// Why an expression cannot be used; PCRE2's words.
    package struct Fault: Error, Equatable, Sendable { package let detail: String }

    /// Never null: `init` throws instead.
    private let code: OpaquePointer

    /// Steps of one match, about 50 ns each.
    private static let matchLimit: UInt32 = 100_000
    /// Memory of one match, KiB.
    private static let heapLimit: UInt32 = 4096

    package init(_ text: String) throws(Fault) {
        var error: Int32 = 0, offset = 0, text = text
        // `$` means the end alone, `\u0041` a character, and `[]` nothing; `\C` would match half a character.
        let options =
            UInt32(PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS)
            | UInt32(PCRE2_NEVER_BACKSLASH_C | PCRE2_MATCH_UNSET_BACKREF)
        let made = text.withUTF8 { unsafe pcre2_compile_8($0.baseAddress, $0.count, options, &error, &offset, nil) }
        guard let made = unsafe made else { throw Fault(detail: Self.words(error)) }
        unsafe code = made
    }

    deinit { unsafe pcre2_code_free_8(code) }

    /// Whether it matches anywhere in the text; nil when that takes more steps or memory than it may.
    package func matches(_ text: String) -> Bool? {
        guard let context = unsafe pcre2_match_context_create_8(nil),
            let data = unsafe pcre2_match_data_create_from_pattern_8(code, nil)
        else { fatalError("out of memory") }
        defer {
            unsafe pcre2_match_data_free_8(data)
            unsafe pcre2_match_context_free_8(context)
        }
        unsafe pcre2_set_match_limit_8(context, Self.matchLimit)
        unsafe pcre2_set_heap_limit_8(context, Self.heapLimit)
        var text = text
        let result = text.withUTF8 {
            unsafe pcre2_match_8(code, $0.baseAddress, $0.count, 0, 0, data, context)
        }
        if result == PCRE2_ERROR_NOMATCH { return false }
        return result < 0 ? nil : true
    }

    private static func words(_ error: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 256)
        let count = unsafe pcre2_get_error_message_8(error, &text, text.count)
        return count > 0 ? String(decoding: text[..<Int(count)], as: UTF8.self) : "error \(error)"
    }
}
