import Foundation
import Native
import TestSupport
import Testing

@Suite("HTTP server limits", .onLoop)
@LoopActor struct HTTPServerLimitsTests {
    func withServer<T: Sendable>(
        _ change: (inout HTTPServerLimits) -> Void, handler: @escaping HTTPServer.Handler = ok,
        body: (HTTPServer, Int) async throws -> T
    ) async throws -> T {
        var limits = HTTPServerLimits()
        change(&limits)
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0), limits: limits, handler: handler)
        try server.start()
        defer { server.stop() }
        return try await body(server, server.port)
    }

    static func ok(_ request: HTTPRequest) async -> HTTPResponse { .text("\(request.body.count)") }

    /// Sends the pieces, then reads one answer; then the connection must be closed.
    nonisolated static func refusal(port: Int, _ pieces: [String]) async throws -> RawHTTPClient.Answer {
        try await offLoop {
            let client = try RawHTTPClient(port: port)
            for piece in pieces { try client.send(piece) }
            let answer = try client.answer()
            client.endSending()
            let isEnded = try client.isEnded()
            #expect(isEnded)
            return answer
        }
    }

    @Test func `a body whose length is over the limit is refused before it is sent`() async throws {
        try await withServer({ $0.bodyBytes = 1000 }) { _, port in
            let answer = try await Self.refusal(
                port: port, ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n"])
            #expect(answer.status == 413)
            #expect(answer.body == #"{"error":"payload_too_large","message":"The body may have 1000 bytes at most"}"#)
            #expect(answer.header("Content-Type") == "application/json")
        }
    }

    @Test func `a client that sends all of a body too long still reads its 413`() async throws {
        try await withServer({ $0.bodyBytes = 1000 }) { _, port in
            let body = String(repeating: "x", count: 3_000_000)
            let answer = try await Self.refusal(
                port: port, ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n", body])
            #expect(answer.status == 413)
        }
    }

    @Test func `a chunked body is refused once it grows over the limit`() async throws {
        try await withServer({ $0.bodyBytes = 1000 }) { _, port in
            let chunk = "190\r\n" + String(repeating: "x", count: 400) + "\r\n"
            let answer = try await Self.refusal(
                port: port, ["POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, chunk, chunk])
            #expect(answer.status == 413)
        }
    }

    @Test func `a body of exactly the limit is taken`() async throws {
        try await withServer({ $0.bodyBytes = 100_000 }) { _, port in
            let answer = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.request("POST", body: String(repeating: "x", count: 100_000))
                return try client.answer()
            }
            #expect(answer.body == "100000")
        }
    }

    @Test(arguments: [17_000, 40_000, 200_000])
    func `headers over 16 KiB are refused`(size: Int) async throws {
        try await withServer({ _ in }) { _, port in
            let header = "X-Long: " + String(repeating: "h", count: 500) + "\r\n"
            let headers = String(repeating: header, count: size / header.utf8.count)
            let status = try await offLoop {
                let client = try RawHTTPClient(port: port)
                // The server may close before all of it is sent.
                try? client.send("GET / HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
                return try client.answer().status
            }
            #expect(status == 431)
        }
    }

    @Test func `headers of 15 KiB are taken`() async throws {
        try await withServer({ _ in }) { _, port in
            let header = "X-Long: " + String(repeating: "h", count: 500) + "\r\n"
            let answer = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.send("GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: header, count: 30))\r\n")
                return try client.answer()
            }
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: [
        "", "POST / HT", "POST / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe",
    ])
    func `a request that stops half way is given up with 408`(text: String) async throws {
        try await withServer({ $0.requestTime = .milliseconds(80) }) { _, port in
            let status = try await Self.refusal(port: port, [text]).status
            #expect(status == 408)
        }
    }

    @Test func `a body that drips in is given up although it never pauses`() async throws {
        try await withServer({ $0.requestTime = .milliseconds(150) }) { _, port in
            let answer = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
                // A byte each 10 ms, until the server has had enough.
                for _ in 0..<500 {
                    do { try client.send("x") } catch { break }
                    usleep(10_000)
                }
                return try client.answer()
            }
            #expect(answer.status == 408)
        }
    }

    @Test func `a slow handler is no slow request`() async throws {
        let slow: HTTPServer.Handler = { _ in
            try? await LoopActor.loop.sleep(for: .milliseconds(200))
            return .text("late")
        }
        try await withServer({ $0.requestTime = .milliseconds(50) }, handler: slow) { _, port in
            let answer = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.request()
                return try client.answer()
            }
            #expect(answer.body == "late")
        }
    }

    @Test func `a connection without requests is closed`() async throws {
        try await withServer({ $0.idleTime = .milliseconds(80) }) { _, port in
            let (status, isEnded) = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.request()
                return (try client.answer().status, try client.isEnded())
            }
            #expect(status == 200)
            #expect(isEnded)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `connections whose time is up at once are ended 32 a turn at most, each with its 408`() async throws {
        DescriptorLimit.raise()
        try await withServer({ $0.requestTime = .seconds(1) }) { server, port in
            // On the loop, which accepts them afterwards, one after another. Then it is held until the time of all is
            // up, so that one sweep meets all of them.
            let clients = try (0..<600).map { _ in try RawHTTPClient(port: port) }
            while server.connectionsAccepted < 600, !Task.isCancelled { await LoopActor.loop.turn() }
            usleep(1_010_000)
            var ended: [Int] = []
            while server.connectionCount > 0, !Task.isCancelled {
                let before = server.connectionCount
                await LoopActor.loop.turn()
                if server.connectionCount < before { ended.append(before - server.connectionCount) }
            }
            // Those whose time was not quite up with the first ones are a turn of their own.
            #expect(ended.allSatisfy { $0 <= 32 } && ended.reduce(0, +) == 600 && ended.contains(32))
            // The answers have arrived, so that reading them does not wait.
            let statuses = try clients.map { try $0.answer().status }
            #expect(statuses == [Int](repeating: 408, count: 600))
        }
    }

    @Test func `one connection too many gets a 503 when all others are being answered`() async throws {
        let gate = Gate(), arrived = DispatchSemaphore(value: 0)
        let held: HTTPServer.Handler = { _ in
            arrived.signal()
            try? await gate.wait()
            return .text("done")
        }
        try await withServer({ $0.connections = 3 }, handler: held) { server, port in
            let client = LoopActor.loop.spawn {
                try await offLoop {
                    let clients = try (0..<3).map { _ in try RawHTTPClient(port: port) }
                    for client in clients { try client.request() }
                    for _ in clients { arrived.wait() }
                    let refused = try RawHTTPClient(port: port).answer()
                    LoopActor.loop.spawn { gate.open() }
                    return (try clients.map { try $0.answer().status }, refused)
                }
            }
            let (statuses, refused) = try await client.value
            #expect(statuses == [200, 200, 200])
            #expect(refused.status == 503)
            #expect(refused.header("Retry-After") == "1")
            #expect(refused.body.contains(#""error":"overloaded""#))
        }
    }

    @Test func `connections that send nothing make room for one that does`() async throws {
        try await withServer({ $0.connections = 8 }) { server, port in
            let (statuses, closed) = try await offLoop {
                let used = try RawHTTPClient(port: port)
                try used.request()
                var statuses = [try used.answer().status]
                let idle = try (0..<7).map { _ in try RawHTTPClient(port: port) }
                let newcomers = try (0..<4).map { _ in
                    let newcomer = try RawHTTPClient(port: port)
                    try newcomer.request()
                    statuses.append(try newcomer.answer().status)
                    return newcomer
                }
                // The one that had been of use was spared.
                try used.request()
                statuses.append(try used.answer().status)
                for newcomer in newcomers { newcomer.close() }
                used.close()
                return (statuses, try idle.prefix(4).filter { try $0.isEnded() }.count)
            }
            #expect(statuses == [200, 200, 200, 200, 200, 200])
            #expect(closed == 4)
        }
    }

    @Test func `requests that dribble their headers make room for one that does not`() async throws {
        try await withServer({ $0.connections = 4 }) { server, port in
            let status = try await offLoop {
                let slow = try (0..<4).map { _ in try RawHTTPClient(port: port) }
                for client in slow { try client.send("POST / HTTP/1.1\r\nHost: x\r\nX-A: ") }
                let healthy = try RawHTTPClient(port: port)
                try healthy.request()
                return try healthy.answer().status
            }
            #expect(status == 200)
            #expect(server.connectionCount <= 4)
        }
    }

    @Test func `bodies that stop half way cannot take all memory: the slowest gets a 503`() async throws {
        try await withServer({ $0.bodyBytesAtOnce = 100_000 }) { server, port in
            let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60001\r\n\r\n"
            let half = String(repeating: "x", count: 60_000)
            let isHeld = DispatchSemaphore(value: 0)
            let clients = LoopActor.loop.spawn {
                try await offLoop {
                    let slow = try RawHTTPClient(port: port)
                    try slow.send(head + half)
                    isHeld.wait()
                    let other = try RawHTTPClient(port: port)
                    try other.send(head + half + "x")
                    return (try slow.answer(), try other.answer())
                }
            }
            while server.bodyBytes < 60_000 { try await LoopActor.loop.sleep(for: .milliseconds(2)) }
            isHeld.signal()
            let (slow, answer) = try await clients.value
            #expect(slow.status == 503)
            #expect(slow.header("Retry-After") == "1")
            #expect(answer.body == "60001")
            #expect(server.bodyBytes == 0)
        }
    }

    @Test func `what a body took is given back however its request ends`() async throws {
        try await withServer({ $0.bodyBytes = 1000 }) { server, port in
            try await offLoop {
                let head = "POST / HTTP/1.1\r\nHost: x\r\n"
                let chunk = "190\r\n" + String(repeating: "x", count: 400) + "\r\n"
                let tooLong = try RawHTTPClient(port: port)
                try tooLong.send(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk)
                _ = try tooLong.answer()
                let whole = try RawHTTPClient(port: port)
                try whole.send(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n")
                _ = try whole.answer()
                let broken = try RawHTTPClient(port: port)
                try broken.send(head + "Content-Length: 500\r\n\r\nabc")
                broken.close()
                tooLong.close()
                whole.close()
            }
            while server.connectionCount > 0 { try await LoopActor.loop.sleep(for: .milliseconds(2)) }
            #expect(server.bodyBytes == 0)
        }
    }

    @Test func `one request too many gets a 503 and keeps its connection`() async throws {
        let gate = Gate()
        let held: HTTPServer.Handler = { request in
            if request.path == "/held" { try? await gate.wait() }
            return .text("done")
        }
        try await withServer({ $0.requestsInFlight = 1 }, handler: held) { server, port in
            let (refused, after, first) = try await offLoop {
                let first = try RawHTTPClient(port: port)
                try first.request("GET", "/held")
                let second = try RawHTTPClient(port: port)
                var refused: RawHTTPClient.Answer
                // Until the first has arrived there.
                repeat {
                    try second.request()
                    refused = try second.answer()
                } while refused.status == 200
                LoopActor.loop.spawn { gate.open() }
                let answer = try first.answer()
                try second.request()
                return (refused, try second.answer(), answer)
            }
            #expect(refused.status == 503)
            #expect(refused.header("Retry-After") == "1")
            #expect(after.status == 200)
            #expect(first.body == "done")
            #expect(server.requestsInFlight == 0)
        }
    }

    @Test(arguments: [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length : 5\r\n\r\nhello",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ])
    func `a body whose length is in doubt is never read`(rest: String) async throws {
        try await withServer({ _ in }) { _, port in
            let status = try await Self.refusal(port: port, ["POST / HTTP/1.1\r\nHost: x\r\n" + rest]).status
            #expect(status == 400 || status == 501)
        }
    }

    @Test(arguments: ["5, 6", "+5", "-1", "five", "0x5"])
    func `a length that is no number is refused`(length: String) async throws {
        try await withServer({ _ in }) { _, port in
            let status = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\nhello")
                return try client.answer().status
            }
            #expect(status == 400)
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
    func `a request that two servers could read differently is refused`(text: String) async throws {
        try await withServer({ _ in }) { _, port in
            let status = try await Self.refusal(port: port, [text]).status
            #expect(status == 400)
        }
    }
}

extension EventLoop {
    /// Goes on at the end of the present turn.
    @LoopActor fileprivate func turn() async {
        await withCheckedContinuation { (turn: CheckedContinuation<Void, Never>) in atEndOfTurn { turn.resume() } }
    }
}
