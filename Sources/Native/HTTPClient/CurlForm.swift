internal import CLibCurl

/// A form for one transfer, in libcurl's hands. Frees it at its end, which must come after that of the transfer.
@safe @LoopActor final class CurlForm {
    /// Owned.
    private let mime: OpaquePointer
    private let easy: UnsafeMutableRawPointer

    /// nil when memory is out. libcurl keeps copies of all parts.
    init?(_ parts: [HTTPClient.FormPart], for easy: UnsafeMutableRawPointer) {
        guard let mime = unsafe curl_mime_init(easy) else { return nil }
        unsafe self.mime = mime
        unsafe self.easy = easy
        for part in parts {
            guard let added = unsafe curl_mime_addpart(mime), unsafe Self.set(part, in: added) else { return nil }
        }
    }

    private static func set(_ part: HTTPClient.FormPart, in added: OpaquePointer) -> Bool {
        if let fileName = part.fileName, unsafe curl_mime_filename(added, fileName) != CURLE_OK { return false }
        if let type = part.contentType, unsafe curl_mime_type(added, type) != CURLE_OK { return false }
        let code = unsafe part.bytes.withUnsafeBytes { bytes in
            unsafe curl_mime_data(added, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return unsafe code == CURLE_OK && curl_mime_name(added, part.name) == CURLE_OK
    }

    isolated deinit { unsafe curl_mime_free(mime) }

    /// Makes it what the transfer sends.
    func set() { unsafe ccurl_set_pointer(easy, CURLOPT_MIMEPOST, UnsafeMutableRawPointer(mime)) }
}
