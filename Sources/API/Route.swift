import Native
import Shared

/// One line of the API's URL table.
struct Route {
    let method: String
    let path: String
    let handle: @LoopActor (HTTPRequest) async -> HTTPResponse

    static func get(_ path: String, _ handle: @escaping @LoopActor (HTTPRequest) async -> HTTPResponse) -> Route {
        Route(method: "GET", path: path, handle: handle)
    }

    static func post(_ path: String, _ handle: @escaping @LoopActor (HTTPRequest) async -> HTTPResponse) -> Route {
        Route(method: "POST", path: path, handle: handle)
    }
}
