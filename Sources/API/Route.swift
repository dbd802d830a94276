import Native

/// One line of the API's URL table.
struct Route {
    typealias Handler = @LoopActor (HTTPRequest, PathWords) async -> HTTPResponse

    let method: String
    /// As in `PathPattern`.
    let path: StaticString
    let handle: Handler

    static func get(_ path: StaticString, _ handle: @escaping Handler) -> Route {
        Route(method: "GET", path: path, handle: handle)
    }

    static func post(_ path: StaticString, _ handle: @escaping Handler) -> Route {
        Route(method: "POST", path: path, handle: handle)
    }

    static func delete(_ path: StaticString, _ handle: @escaping Handler) -> Route {
        Route(method: "DELETE", path: path, handle: handle)
    }

    /// Whether the path has no names in it.
    var isPlain: Bool { !"\(path)".contains(":") }
}
