import Native
import Shared

/// Lets an administrator through: `Authorization: Bearer ADMIN_TOKEN`. Without a token there is nothing behind it.
@LoopActor struct AdminDoor {
    /// nil: closed.
    let token: Secret?

    /// Proves the request, does what it asks for, and tells an error as the API tells errors.
    func open(
        _ request: HTTPRequest, _ body: @LoopActor () async throws(APIError) -> HTTPResponse
    ) async -> HTTPResponse {
        do throws(APIError) {
            try check(request)
            return try await body()
        } catch { return error.response }
    }

    private func check(_ request: HTTPRequest) throws(APIError) {
        guard let token else { throw .notFound }
        let words = request.header("Authorization")?.split(separator: " ", maxSplits: 1) ?? []
        guard words.count == 2, words[0].lowercased() == "bearer", [token].contains(String(words[1])) else {
            throw .unauthorized
        }
    }
}
