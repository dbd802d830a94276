import Native

/// One line of the URL table.
struct Route {
    typealias Handler = @LoopActor (HTTPRequest, PathWords) async -> HTTPResponse

    let method: String
    let pattern: PathPattern
    let handler: Handler

    init(_ method: String, _ pattern: StaticString, _ handler: @escaping Handler) {
        self.method = method
        self.pattern = PathPattern(pattern)
        self.handler = handler
    }
}
