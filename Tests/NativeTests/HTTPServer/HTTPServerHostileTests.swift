import Foundation
import Native
import TestSupport
import Testing

/// Requests that no honest client writes. What the server must not do is read one of them in another way than a proxy
/// in front of it, or stop.
@Suite("HTTP server against hostile requests", .onLoop)
@LoopActor struct HTTPServerHostileTests {
    func withServer<T: Sendable>(
        handler: @escaping HTTPServer.Handler = echo, body: (HTTPServer, Int) async throws -> T
    ) async throws -> T {
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0), handler: handler)
        try server.start()
        defer { server.stop() }
        let result = try await body(server, server.port)
        let port = server.port
        let status = try await offLoop {
            let client = try RawHTTPClient(port: port)
            try client.request()
            return try client.answer().status
        }
        #expect(status == 200, "the server goes on")
        return result
    }

    static func echo(_ request: HTTPRequest) async -> HTTPResponse {
        HTTPResponse(status: 200, headers: [("X-Path", request.path)], body: request.body)
    }

    /// Sends it and reads one answer; nil when the server just closed.
    nonisolated static func answer(_ port: Int, _ request: [UInt8]) async throws -> RawHTTPClient.Answer? {
        try await offLoop {
            let client = try RawHTTPClient(port: port)
            try client.send(request)
            return try client.isEnded() ? nil : try client.answer()
        }
    }

    @Test(arguments: [
        // Line ends other than CR LF.
        "POST / HTTP/1.1\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\n\n", "POST / HTTP/1.1\r\nHost: x\r\nX-A: a\rContent-Length: 5\r\n\r\n",
        // A folded line, which libmicrohttpd joins to the name: "Content-" becomes "Content-Length".
        "POST / HTTP/1.1\r\nHost: x\r\nContent-: 5\r\n Length\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: x\r\nX-A: a\r\n\tb\r\n\r\n",
        // NUL in value, target and method.
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\05\r\n\r\n",
        "POST /a\0b HTTP/1.1\r\nHost: x\r\n\r\n", "PO\0ST / HTTP/1.1\r\nHost: x\r\n\r\n",
        // Names that are no names.
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 0\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nX[0]: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\n: a\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\n X-A: a\r\n\r\n",
        // Request lines.
        "POST  / HTTP/1.1\r\nHost: x\r\n\r\n", "POST /  HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", "POST a HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
        // Lengths.
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nhello",
    ])
    func `what two servers could read differently is refused, in JSON, and nothing behind it is read`(
        request: String
    ) async throws {
        let smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
        try await withServer { _, port in
            let answer = try #require(try await Self.answer(port, Array((request + smuggled).utf8)))
            #expect(answer.status == 400 || answer.status == 501)
            #expect(answer.header("Connection")?.lowercased() == "close")
            #expect(answer.header("Content-Type") == "application/json")
        }
    }

    /// libmicrohttpd answers these itself and offers no way to choose the words: the status is right and the connection
    /// ends. docs/decisions/0002-http-library.md has the list.
    @Test(arguments: [
        ("POST / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nX\0-A: a\r\n\r\n", 400), ("POST / HTTP/9.9\r\nHost: x\r\n\r\n", 505),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505), ("POST / HTTP/1.1 \r\nHost: x\r\n\r\n", 400),
        ("POST / http/1.1\r\nHost: x\r\n\r\n", 400), ("POST /\r\nHost: x\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloworld", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 413),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n", 400),
    ])
    func `what libmicrohttpd refuses itself ends the connection too`(request: String, status: Int) async throws {
        try await withServer { _, port in
            let answer = try #require(try await Self.answer(port, Array(request.utf8)))
            #expect(answer.status == status)
            #expect(answer.header("Connection")?.lowercased() == "close")
        }
    }

    @Test func `a target longer than the limit is refused`() async throws {
        try await withServer { _, port in
            let long = "/" + String(repeating: "a", count: 40_000)
            let answer = try await Self.answer(port, Array("GET \(long) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            #expect(answer?.status == 414)
            let lesser = "/" + String(repeating: "a", count: 16_400)
            let other = try await Self.answer(port, Array("GET \(lesser) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            #expect(other?.status == 431)
        }
    }

    @Test func `a thousand short headers are refused`() async throws {
        try await withServer { _, port in
            let headers = (0..<1000).map { "a\($0):b\r\n" }.joined()
            let answer = try await Self.answer(port, Array("GET / HTTP/1.1\r\nHost: x\r\n\(headers)\r\n".utf8))
            #expect(answer?.status == 431)
        }
    }

    @Test func `a TLS hello, an HTTP-2 preface and noise are closed`() async throws {
        try await withServer { _, port in
            let hello: [UInt8] = [0x16, 0x03, 0x01, 0x00, 0x2F, 0x01, 0x00, 0x00, 0x2B, 0x03, 0x03]
            for noise in [hello + [UInt8](repeating: 0, count: 64) + [0x0A], Array("\u{1}\u{2}\n\r\n".utf8)] {
                let answer = try await Self.answer(port, noise)
                #expect(answer == nil || answer?.status == 400)
            }
        }
    }

    @Test(arguments: ["/%00", "/..%2f..%2fetc", "//", "/a//b/", "/%zz", "/?%00=%ff&&=", "/a;b=c", "*"])
    func `an odd target comes as it was sent`(target: String) async throws {
        try await withServer { _, port in
            let answer = try await Self.answer(port, Array("OPTIONS \(target) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            #expect(answer?.header("X-Path") == String(target.prefix { $0 != "?" }))
        }
    }

    @Test func `a header that stands twice is none`() async throws {
        let handler: HTTPServer.Handler = { request in
            .text([request.header("X-Secret") ?? "-", request.header("x-once") ?? "-"].joined(separator: " "))
        }
        try await withServer(handler: handler) { _, port in
            let head = "GET / HTTP/1.1\r\nHost: x\r\nX-Once: 1\r\n"
            let twice = try await Self.answer(port, Array((head + "X-Secret: a\r\nx-SECRET: b\r\n\r\n").utf8))
            #expect(twice?.body == "- 1")
            let once = try await Self.answer(port, Array((head + "X-Secret: a\r\nX-Secreu: b\r\n\r\n").utf8))
            #expect(once?.body == "a 1")
        }
    }

    @Test func `a hundred requests in one packet are answered in their order`() async throws {
        try await withServer { _, port in
            let bodies = try await offLoop {
                let client = try RawHTTPClient(port: port)
                let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
                let requests = (100..<200).map { head + "\($0)" }
                try client.send(requests.joined())
                return try (0..<100).map { _ in try client.answer().body }
            }
            #expect(bodies == (100..<200).map { "\($0)" })
        }
    }

    @Test func `chunk extensions and trailers change nothing`() async throws {
        try await withServer { _, port in
            let text =
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;a=b;c\r\nhello\r\n0;x\r\nX-Internal-Secret: s\r\nContent-Length: 9\r\n\r\n"
            let answer = try await Self.answer(port, Array(text.utf8))
            #expect(answer?.body == "hello")
        }
    }

    @Test(arguments: ["5;" + String(repeating: "x", count: 60_000), String(repeating: "0", count: 60_000)])
    func `a chunk size without an end is refused`(size: String) async throws {
        try await withServer { _, port in
            let text = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + size
            let answer = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try? client.send(text)
                return try client.isEnded() ? nil : try client.answer()
            }
            #expect(answer.map { $0.status >= 400 } ?? true)
        }
    }

    @Test func `a client that stops sending still gets its answer`() async throws {
        try await withServer { _, port in
            let body = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.request("POST", body: "half closed")
                client.endSending()
                return try client.answer().body
            }
            #expect(body == "half closed")
        }
    }

    @Test func `connections that break in the middle are forgotten`() async throws {
        try await withServer { server, port in
            try await offLoop {
                for text in [
                    "", "PO", "POST / HTTP/1.1\r\nHost: x\r\n",
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhe",
                ] {
                    for _ in 0..<25 {
                        let client = try RawHTTPClient(port: port)
                        try client.send(text)
                        client.reset()
                    }
                }
            }
            while server.connectionsAccepted < 100 || server.connectionCount > 0 {
                try await LoopActor.loop.sleep(for: .milliseconds(2))
            }
            #expect(server.bodyBytes == 0)
        }
    }

    @Test func `whoever asks before sending is told to go on, or why not`() async throws {
        try await withServer { _, port in
            let head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
            let (first, second, refused) = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.send(head + "Content-Length: 5\r\n\r\n")
                let first = try client.answer().status
                try client.send("hello")
                let other = try RawHTTPClient(port: port)
                try other.send(head + "Content-Length: 2000000\r\n\r\n")
                return (first, try client.answer().body, try other.answer().status)
            }
            #expect(first == 100 && second == "hello" && refused == 413)
        }
    }

    @Test func `HTTP-1.0 gets one answer, or more where it asks to keep the connection`() async throws {
        try await withServer { _, port in
            let (isEnded, bodies) = try await offLoop {
                let once = try RawHTTPClient(port: port)
                try once.send("POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\na")
                _ = try once.answer()
                let kept = try RawHTTPClient(port: port)
                let bodies = try ["b", "c"].map { body in
                    try kept.send("POST / HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\n\(body)")
                    return try kept.answer().body
                }
                return (try once.isEnded(), bodies)
            }
            #expect(isEnded && bodies == ["b", "c"])
        }
    }
}
