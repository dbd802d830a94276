extension HTTPClient {
    /// One field of a form (RFC 7578).
    package struct FormPart: Sendable {
        package var name: String
        /// Makes it a file.
        package var fileName: String?
        package var contentType: String?
        package var bytes: [UInt8]

        package init(name: String, fileName: String, contentType: String, bytes: [UInt8]) {
            self.name = name
            self.fileName = fileName
            self.contentType = contentType
            self.bytes = bytes
        }

        package init(name: String, _ text: String) {
            self.name = name
            bytes = Array(text.utf8)
        }
    }
}
