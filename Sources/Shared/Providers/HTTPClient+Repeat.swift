import Native

extension HTTPClient {
    /// Sends again after answers that say "not sent, later perhaps".
    ///
    /// - Parameters:
    ///   - tries: sends in all.
    ///   - wait: how long to wait after this answer to the try of that number, from 1; nil: it is the answer.
    func send(
        _ request: Request, tries: Int, wait: @LoopActor (Response, Int) -> Duration?
    ) async throws(HTTPClientError) -> Response {
        var attempt = 1
        while true {
            let answer = try await send(request)
            guard attempt < tries, let pause = wait(answer, attempt) else { return answer }
            do { try await LoopActor.loop.sleep(for: pause) } catch { throw .cancelled }
            attempt += 1
        }
    }
}
