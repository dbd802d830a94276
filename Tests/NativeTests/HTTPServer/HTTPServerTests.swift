import Foundation
import Native
import TestSupport
import Testing

@Suite("HTTP server", .onLoop)
@LoopActor struct HTTPServerTests {
    let loop = LoopActor.loop

    /// A server that lives as long as `body`.
    func withServer<T: Sendable>(
        _ change: (inout HTTPServerLimits) -> Void = { _ in }, handler: @escaping HTTPServer.Handler = echo,
        body: (HTTPServer) async throws -> T
    ) async throws -> T {
        var limits = HTTPServerLimits()
        change(&limits)
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0), limits: limits, handler: handler)
        try server.start()
        defer { server.stop() }
        return try await body(server)
    }

    /// What one client sees that sends `text` and nothing else, on a server with these limits.
    func answer(
        to text: String, _ change: (inout HTTPServerLimits) -> Void = { _ in },
        handler: @escaping HTTPServer.Handler = echo
    ) async throws -> RawHTTPClient.Answer {
        try await withServer(change, handler: handler) { server in
            let port = server.port
            return try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.send(text)
                return try client.answer()
            }
        }
    }

    static func echo(_ request: HTTPRequest) async -> HTTPResponse {
        HTTPResponse(status: 200, headers: [("X-Method", request.method)], body: request.body)
    }

    // MARK: Requests

    @Test func `a connection serves one request after another`() async throws {
        try await withServer { server in
            let port = server.port
            let bodies = try await offLoop {
                let client = try RawHTTPClient(port: port)
                return try (0..<20).map { number in
                    try client.request("POST", body: "body \(number)")
                    return try client.answer().body
                }
            }
            #expect(bodies == (0..<20).map { "body \($0)" })
            #expect(server.connectionsAccepted == 1)
        }
    }

    @Test func `an answer that differs from the one before in anything is another one`() async throws {
        let answers = [
            HTTPResponse(status: 200, headers: [("X-A", "1")], body: [0x61]),
            HTTPResponse(status: 200, headers: [("X-A", "1")], body: [0x61]),
            HTTPResponse(status: 201, headers: [("X-A", "1")], body: [0x61]),
            HTTPResponse(status: 201, headers: [("X-A", "2")], body: [0x61]),
            HTTPResponse(status: 201, headers: [("X-A", "2"), ("X-B", "3")], body: [0x61]),
            HTTPResponse(status: 201, headers: [("X-A", "2")], body: [0x62]),
            HTTPResponse(status: 200, headers: [("X-A", "1")], body: [UInt8](repeating: 0x61, count: 5000)),
            HTTPResponse(status: 200, headers: [("X-A", "1")], body: [0x61]),
        ]
        let seen = try await withServer(handler: { answers[Int($0.path.dropFirst())!] }) { server in
            let port = server.port
            return try await offLoop {
                let client = try RawHTTPClient(port: port)
                return try answers.indices.map { index in
                    try client.request("GET", "/\(index)")
                    return try client.answer()
                }
            }
        }
        for (answer, seen) in zip(answers, seen) {
            #expect(seen.status == answer.status && Array(seen.body.utf8) == answer.body)
            for name in ["X-A", "X-B"] {
                #expect(seen.header(name) == answer.headers.first { $0.0 == name }?.1)
            }
        }
    }

    @Test func `pipelined requests are answered in their order`() async throws {
        // The first takes longest.
        let handler: HTTPServer.Handler = { request in
            if request.body == [UInt8(ascii: "0")] { try? await LoopActor.loop.sleep(for: .milliseconds(20)) }
            return HTTPResponse(status: 200, body: request.body)
        }
        try await withServer(handler: handler) { server in
            let port = server.port
            let bodies = try await offLoop {
                let client = try RawHTTPClient(port: port)
                let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n"
                try client.send((0..<9).map { "\(head)\($0)" }.joined())
                return try (0..<9).map { _ in try client.answer().body }
            }
            #expect(bodies == (0..<9).map { "\($0)" })
        }
    }

    @Test func `a chunked body is put together`() async throws {
        let text =
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
        #expect(try await answer(to: text).body == "hello world")
    }

    @Test func `headers are found in any case and absent once the handler has returned`() async throws {
        let kept = Kept()
        let answer = try await answer(
            to: "GET / HTTP/1.1\r\nHost: x\r\nX-Internal-SECRET: s3cret\r\n\r\n",
            handler: { request in
                kept.request = request
                return .text(request.header("x-internal-secret") ?? "-")
            })
        #expect(answer.body == "s3cret")
        #expect(kept.request?.header("x-internal-secret") == nil)
        #expect(kept.request?.remoteAddress == "")
        #expect(kept.request?.path == "/")
    }

    @Test func `path and query come raw, one parameter decoded`() async throws {
        let answer = try await answer(
            to: "GET /a%20b?name=J%C3%BCrgen+M&x=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
            handler: { request in
                let parts = [request.path, request.rawQuery, request.query("name") ?? "-", request.query("x") ?? "-"]
                return .text(parts.joined(separator: " | "))
            })
        #expect(answer.body == "/a%20b | name=J%C3%BCrgen+M&x=%zz | Jürgen M | %zz")
    }

    @Test func `the client's address is known`() async throws {
        let answer = try await answer(
            to: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", handler: { .text($0.remoteAddress) })
        #expect(answer.body == "127.0.0.1")
    }

    @Test func `HEAD gets the length and no body`() async throws {
        try await withServer(handler: { _ in .json(body: #"{"ok":true}"#) }) { server in
            let port = server.port
            let (head, get) = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.request("HEAD")
                let head = try client.answer(toHead: true)
                try client.request("GET")
                return (head, try client.answer())
            }
            #expect(head.header("Content-Length") == "11")
            #expect(get.body == #"{"ok":true}"#)
            #expect(get.header("Content-Type") == "application/json")
        }
    }

    @Test func `200 requests at once each get their own answer`() async throws {
        let handler: HTTPServer.Handler = { request in
            try? await LoopActor.loop.sleep(for: .milliseconds(5))
            return HTTPResponse(status: 200, body: request.body)
        }
        try await withServer(handler: handler) { server in
            let port = server.port
            let right = try await offLoop {
                let clients = try (0..<200).map { _ in try RawHTTPClient(port: port) }
                for (number, client) in clients.enumerated() { try client.request("POST", body: "n\(number)") }
                return try clients.enumerated().filter { try $1.answer().body == "n\($0)" }.count
            }
            #expect(right == 200)
        }
    }

    @Test func `an answer with a broken header becomes a 500`() async throws {
        let answer = try await answer(
            to: "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            handler: { _ in HTTPResponse(status: 200, headers: [("X-A", "one\r\nSet-Cookie: two")]) })
        #expect(answer.status == 500)
        #expect(answer.header("Set-Cookie") == nil)
    }

    @Test func `a handler whose client went away still finishes`() async throws {
        let finished = Gate()
        let started = Gate()
        let handler: HTTPServer.Handler = { _ in
            started.open()
            try? await LoopActor.loop.sleep(for: .milliseconds(20))
            finished.open()
            return .text("nobody reads this")
        }
        try await withServer(handler: handler) { server in
            let port = server.port
            let client = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.request()
                return Shut(client)
            }
            try await started.wait()
            client.close()
            try await finished.wait()
        }
    }

    // MARK: Endpoints

    @Test func `a Unix socket serves, and a file left by a dead server is replaced`() async throws {
        let path = NSTemporaryDirectory() + "rejoinder-\(UUID().uuidString.prefix(8)).sock"
        let abandoned = try ListeningFile(path)
        abandoned.close()
        let server = HTTPServer(endpoint: .unix(path: path), handler: Self.echo)
        try server.start()
        let other = HTTPServer(endpoint: .unix(path: path), handler: Self.echo)
        #expect(throws: HTTPServerError.addressInUse(.unix(path: path))) { try other.start() }
        let body = try await offLoop {
            let client = try RawHTTPClient(path: path)
            try client.request("POST", body: "over a file")
            return try client.answer().body
        }
        #expect(body == "over a file")
        server.stop()
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `a host that does not exist is a clear error`() {
        let server = HTTPServer(endpoint: .tcp(host: "no such host", port: 0), handler: Self.echo)
        #expect(throws: HTTPServerError.unknownHost("no such host")) { try server.start() }
    }
}

/// Something a handler leaves for the test.
@LoopActor private final class Kept { var request: HTTPRequest? }

/// Lets a client cross threads: by then only `close` is called.
private final class Shut: @unchecked Sendable {
    private let client: RawHTTPClient
    init(_ client: RawHTTPClient) { self.client = client }
    func close() { client.close() }
}

/// Leaves a Unix socket's file behind, as a server that was killed does.
private struct ListeningFile {
    let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        listen(descriptor, 1)
    }

    func close() { Foundation.close(descriptor) }
}
