import Native

extension HTTPClient {
    /// Sends again after answers that say "not sent, later perhaps", within `SendBackoff.limit` in all.
    ///
    /// - Parameter mayPass: whether an answer is such a one.
    func send(
        _ request: Request, again mayPass: @LoopActor (Response) -> Bool
    ) async throws(HTTPClientError) -> Response {
        var request = request, tries = 1
        let start = MonotonicInstant.now()
        while true {
            request.timeout = SendBackoff.limit - (MonotonicInstant.now() - start)
            let answer = try await send(request)
            guard mayPass(answer),
                let pause = SendBackoff.wait(
                    after: tries, asked: answer.retryAfter, elapsed: MonotonicInstant.now() - start,
                    random: .random(in: 0..<1))
            else { return answer }
            do { try await LoopActor.loop.sleep(for: pause) } catch { throw .cancelled }
            tries += 1
        }
    }
}
