extension HTTPClient {
    /// An answer of whatever status: judging it is the caller's.
    package struct Response: Sendable {
        package internal(set) var status = 0
        package internal(set) var body: [UInt8] = []
        var head = HTTPResponseHead()

        package init() {}

        /// In the order they came.
        package var headers: [(String, String)] { head.fields }

        /// The first header of that name, in any case of letters.
        package func header(_ name: String) -> String? {
            let wanted = name.lowercased()
            return headers.first { $0.0.lowercased() == wanted }?.1
        }
    }
}
