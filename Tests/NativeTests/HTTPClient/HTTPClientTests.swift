import Foundation
import Native
import Synchronization
import TestSupport
import Testing

@Suite("HTTP client", .onLoop)
@LoopActor struct HTTPClientTests {
    let loop = LoopActor.loop

    /// A server that answers with what it got, and a client.
    func withEcho<T: Sendable>(_ body: (HTTPClient, HTTPServer, String) async throws -> T) async throws -> T {
        var limits = HTTPServerLimits()
        limits.bodyBytes = 32 << 20
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0), limits: limits) { request in
            if request.path == "/slow" { try? await LoopActor.loop.sleep(for: .seconds(5)) }
            let names = ["X-One", "X-Empty", "Content-Type", "Expect", "User-Agent"]
            let seen = names.map { "\($0)=\(request.header($0) ?? "-")" }.joined(separator: " ")
            return HTTPResponse(
                status: request.query("status").flatMap { Int($0) } ?? 200,
                headers: [("X-Seen", "\(request.method) \(seen)"), ("Location", "/elsewhere")], body: request.body)
        }
        try server.start()
        let client = HTTPClient()
        defer {
            client.close()
            server.stop()
        }
        return try await body(client, server, "http://127.0.0.1:\(server.port)")
    }

    func call(_ method: String = "POST", _ url: String, _ body: [UInt8] = []) -> HTTPClient.Request {
        HTTPClient.Request(method: method, url: url, body: body, timeout: .seconds(10), allowsPrivateAddresses: true)
    }

    /// The error of a call that must fail.
    func failure(_ client: HTTPClient, _ request: HTTPClient.Request) async -> HTTPClientError? {
        do {
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }

    // MARK: What is sent and what comes back

    @Test func `one request after another shares a connection`() async throws {
        try await withEcho { client, server, url in
            for number in 0..<20 {
                let response = try await client.send(call("POST", url, Array("body \(number)".utf8)))
                #expect(response.status == 200)
                #expect(response.body == Array("body \(number)".utf8))
            }
            #expect(server.connectionsAccepted == 1)
        }
    }

    @Test func `a connection that did not come about leaves nothing behind that holds its number`() async throws {
        try await withEcho { _, _, url in
            let full = try FullListener()
            let clients = (0..<4).map { _ in HTTPClient() }
            defer { for client in clients { client.close() } }
            for client in clients {
                var request = call("GET", "http://127.0.0.1:\(full.port)/")
                request.connectTimeout = .milliseconds(50)
                // libcurl closes that socket without telling, and the next one to open a socket gets its number.
                guard case .notSent = await failure(client, request) else {
                    Issue.record("nobody takes the connection")
                    return
                }
            }
            for client in clients.reversed() {
                let response = try await client.send(call("POST", url, [1]))
                #expect(response.status == 200)
            }
        }
    }

    @Test func `500 calls at once each get their own answer`() async throws {
        try await withEcho { client, _, url in
            let answers = try await atOnce(500) { number in
                try await client.send(self.call("POST", url, Array("n\(number)".utf8))).body
            }
            #expect(answers == (0..<500).map { Array("n\($0)".utf8) })
            #expect(client.inFlight == 0)
        }
    }

    @Test func `calls that needed several handles leave connections that the next ones use`() async throws {
        try await withEcho { client, server, url in
            let tasks = (0..<600).map { number in
                loop.spawn { try await client.send(self.call("POST", url, Array("\(number)".utf8))).body }
            }
            #expect(client.inFlight == 0)
            for (number, task) in tasks.enumerated() { #expect(try await task.value == Array("\(number)".utf8)) }
            #expect(client.inFlight == 0)
            let connections = server.connectionsAccepted
            for _ in 0..<20 { _ = try await client.send(call("POST", url, [1])) }
            #expect(server.connectionsAccepted == connections)
        }
    }

    @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE"])
    func `each method arrives with its headers`(method: String) async throws {
        try await withEcho { client, _, url in
            var request = call(method, url, method == "GET" ? [] : Array("x".utf8))
            request.headers = [("X-One", "1"), ("X-Empty", "")]
            let response = try await client.send(request)
            let seen = "\(method) X-One=1 X-Empty= Content-Type=- Expect=- User-Agent=-"
            #expect(response.header("x-seen") == seen)
            #expect(response.body == request.body)
        }
    }

    @Test func `HEAD has headers and no body`() async throws {
        try await withEcho { client, _, url in
            let response = try await client.send(call("HEAD", url))
            #expect(response.status == 200)
            #expect(response.header("X-Seen")?.hasPrefix("HEAD") == true)
        }
    }

    @Test func `a large body goes both ways`() async throws {
        try await withEcho { client, _, url in
            // Filled at once, and told apart by a few bytes: the loop is every test's.
            var body = [UInt8](repeating: 7, count: 8 << 20)
            for place in stride(from: 0, to: body.count, by: 9973) { body[place] = UInt8(truncatingIfNeeded: place) }
            var request = call("POST", url, body)
            request.maxResponseBytes = 8 << 20
            let echoed = try await client.send(request).body
            #expect(echoed == body)
        }
    }

    @Test func `a form arrives part by part, files with their names and types`() async throws {
        try await withEcho { client, server, url in
            for count in [0, 3, 200_000] {
                var request = call("POST", url)
                let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
                request.form = [
                    HTTPClient.FormPart(name: "model", "whisper \"1\""),
                    HTTPClient.FormPart(name: "file", fileName: "voice.ogg", contentType: "audio/ogg", bytes: bytes),
                ]
                let response = try await client.send(request)
                let seen = response.header("X-Seen") ?? ""
                let type = try #require(seen.firstRange(of: "Content-Type=multipart/form-data; boundary="))
                let boundary = seen[type.upperBound...].prefix { $0 != " " }
                let expected =
                    Array(
                        """
                        --\(boundary)\r
                        Content-Disposition: form-data; name="model"\r
                        \r
                        whisper "1"\r
                        --\(boundary)\r
                        Content-Disposition: form-data; name="file"; filename="voice.ogg"\r
                        Content-Type: audio/ogg\r
                        \r

                        """.utf8) + bytes + Array("\r\n--\(boundary)--\r\n".utf8)
                #expect(response.status == 200 && response.body == expected)
                #expect(seen.hasPrefix("POST ") && seen.contains("Expect=- "))
            }
        }
    }

    @Test func `a redirect is an answer like any other`() async throws {
        try await withEcho { client, _, url in
            let response = try await client.send(call("GET", url + "/?status=302"))
            #expect(response.status == 302)
            #expect(response.header("location") == "/elsewhere")
        }
    }

    @Test func `a body is handed on as it comes`() async throws {
        let gate = DispatchSemaphore(value: 0)
        let server = try RawHTTPServer { connection in
            _ = try connection.request()
            try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-One: 1\r\n\r\n3\r\none\r\n")
            gate.wait()
            try connection.send("3\r\ntwo\r\n0\r\n\r\n")
        }
        let client = HTTPClient()
        defer { client.close() }
        let chunks = Chunks()
        let head = try await client.stream(call("GET", "http://127.0.0.1:\(server.port)")) { head, chunk in
            #expect(head.status == 200 && head.header("X-One") == "1")
            chunks.all.append(String(decoding: chunk, as: UTF8.self))
            // The rest is sent only once the beginning was handed on.
            if chunks.all == ["one"] { gate.signal() }
        }
        #expect(chunks.all == ["one", "two"])
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
    }

    @Test func `a handler of chunks may use the client, or close it`() async throws {
        try await withEcho { client, _, url in
            let inner = OneShot<Int>()
            _ = try await client.stream(call("POST", url, [1, 2, 3])) { _, chunk in
                LoopActor.loop.spawn {
                    let status = try? await client.send(self.call("GET", url)).status
                    inner.resolve(status ?? 0)
                }
            }
            let status = try await inner.value
            #expect(status == 200)
            await #expect(throws: HTTPClientError.cancelled) {
                try await client.stream(self.call("POST", url, [1, 2, 3])) { _, _ in client.close() }
            }
        }
    }

    // MARK: Failures

    @Test func `no connection: surely not sent`() async throws {
        let port = try RawHTTPServer { _ in }.port
        let client = HTTPClient()
        defer { client.close() }
        guard case .notSent = await failure(client, call("GET", "http://127.0.0.1:\(port)")) else {
            Issue.record("a refused connection must be notSent")
            return
        }
        guard case .notSent = await failure(client, call("GET", "http://no-such-name.invalid")) else {
            Issue.record("a name without address must be notSent")
            return
        }
    }

    @Test func `a connection that is not made in time: surely not sent`() async throws {
        // A listener that never accepts, its queue full.
        let full = try FullListener()
        let client = HTTPClient()
        defer { client.close() }
        var request = call("POST", "http://127.0.0.1:\(full.port)", [1])
        request.connectTimeout = .milliseconds(100)
        guard case .notSent = await failure(client, request) else {
            Issue.record("must be notSent")
            return
        }
    }

    @Test func `no answer in time: nobody knows`() async throws {
        let server = try RawHTTPServer { connection in
            _ = try connection.request()
            connection.waitForEnd()
        }
        let client = HTTPClient()
        defer { client.close() }
        var request = call("POST", "http://127.0.0.1:\(server.port)", [1])
        var outcome: HTTPClientError?
        // On a machine so busy that the time is up before the request is sent, a longer one is needed.
        for limit in [100, 1000, 10_000] {
            request.timeout = .milliseconds(limit)
            outcome = await failure(client, request)
            guard case .notSent = outcome else { break }
        }
        #expect(outcome == .timedOut)
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "what is this\r\n\r\n",
    ])
    func `a connection that ends within the answer: nobody knows`(answer: String) async throws {
        let server = try RawHTTPServer { connection in
            _ = try connection.request()
            try connection.send(answer)
        }
        let client = HTTPClient()
        defer { client.close() }
        guard case .broken = await failure(client, call("POST", "http://127.0.0.1:\(server.port)", [1])) else {
            Issue.record("must be broken")
            return
        }
    }

    @Test(arguments: ["POST", "DELETE", "a form"])
    func `a request is never sent twice when a kept connection ends`(kind: String) async throws {
        let requests = Mutex(0)
        let server = try RawHTTPServer { connection in
            _ = try connection.request()
            requests.withLock { $0 += 1 }
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            _ = try connection.request()
            requests.withLock { $0 += 1 }
            // Read, maybe acted on, and gone without an answer.
        }
        let client = HTTPClient()
        defer { client.close() }
        let url = "http://127.0.0.1:\(server.port)"
        _ = try await client.send(call("POST", url, [1]))
        var request = kind == "DELETE" ? call("DELETE", url) : call("POST", url, [2])
        if kind == "a form" { request.form = [.init(name: "word", "2")] }
        let second = await failure(client, request)
        guard case .broken = second else {
            Issue.record("\(String(describing: second)) must be broken")
            return
        }
        #expect(requests.withLock { $0 } == 2)
    }

    @Test func `a request that may be repeated is sent again when a kept connection ends, with its whole body`()
        async throws
    {
        let body = [UInt8](repeating: UInt8(ascii: "b"), count: 70_000)
        let bodies = Mutex<[Int]>([])
        let server = try RawHTTPServer { connection in
            while true {
                let request = try connection.request()
                let isFirstRepeat = bodies.withLock { bodies in
                    bodies.append(request.utf8.count { $0 == UInt8(ascii: "b") })
                    return bodies.count == 2
                }
                if isFirstRepeat { return }
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let client = HTTPClient()
        defer { client.close() }
        var request = call("POST", "http://127.0.0.1:\(server.port)", body)
        request.mayBeRepeated = true
        for _ in 1...2 { #expect(try await client.send(request).status == 200) }
        #expect(bodies.withLock { $0 }.count == 3)
        #expect(bodies.withLock { $0 }.allSatisfy { $0 >= body.count })
    }

    @Test func `an answer over the limit is an error, whether its length is known or not`() async throws {
        try await withEcho { client, _, url in
            var request = call("POST", url, [UInt8](repeating: 1, count: 1001))
            request.maxResponseBytes = 1000
            #expect(await failure(client, request) == .responseTooLarge(limit: 1000))
        }
        let server = try RawHTTPServer { connection in
            _ = try connection.request()
            try connection.send("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 1001))
        }
        let client = HTTPClient()
        defer { client.close() }
        var request = call("GET", "http://127.0.0.1:\(server.port)")
        request.maxResponseBytes = 1000
        #expect(await failure(client, request) == .responseTooLarge(limit: 1000))
    }

    @Test(arguments: ["", "::", "http://", "ftp://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1:99999/"])
    func `what is no URL of HTTP is refused`(url: String) async {
        let client = HTTPClient()
        defer { client.close() }
        guard case .invalidURL = await failure(client, call("GET", url)) else {
            Issue.record("must be invalidURL")
            return
        }
    }

    @Test func `a header or method that would break the message is refused`() async throws {
        try await withEcho { client, server, url in
            for (name, value) in [("X-A", "1\r\nX-B: 2"), ("X\r\nY", "1"), ("X Y", "1"), ("", "1"), ("X:", "1")] {
                var request = call("GET", url)
                request.headers = [(name, value)]
                guard case .invalidURL = await failure(client, request) else {
                    Issue.record("\(name) must be refused")
                    return
                }
            }
            guard case .invalidURL = await failure(client, call("GET / HTTP/1.1\r\n", url)) else {
                Issue.record("the method must be refused")
                return
            }
            #expect(server.connectionsAccepted == 0)
        }
    }

    // MARK: Private addresses

    @Test(arguments: ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1"])
    func `a private address is refused unless the request allows it`(host: String) async throws {
        try await withEcho { client, server, _ in
            var request = call("GET", "http://\(host):\(server.port)/")
            request.allowsPrivateAddresses = false
            guard case .refusedAddress = await failure(client, request) else {
                Issue.record("must be refused")
                return
            }
            #expect(server.connectionsAccepted == 0)
        }
    }

    @Test func `a kept connection to a private address serves only those that may`() async throws {
        try await withEcho { client, server, url in
            _ = try await client.send(call("GET", url))
            var second = call("GET", url)
            second.allowsPrivateAddresses = false
            #expect(await failure(client, second) == .refusedAddress("127.0.0.1"))
            #expect(server.connectionsAccepted == 1)
        }
    }

    @Test func `proxies of the environment are ignored`() async throws {
        unsafe setenv("http_proxy", "http://127.0.0.1:1", 1)
        defer { unsafe unsetenv("http_proxy") }
        try await withEcho { client, _, url in
            let status = try await client.send(call("GET", url)).status
            #expect(status == 200)
        }
    }

    // MARK: Cancellation

    @Test func `cancelling the task ends the call at once and closes its connection`() async throws {
        let reached = Gate(), ended = Gate()
        let server = try RawHTTPServer { connection in
            _ = try connection.request()
            LoopActor.loop.spawn { reached.open() }
            connection.waitForEnd()
            LoopActor.loop.spawn { ended.open() }
        }
        let client = HTTPClient()
        defer { client.close() }
        let running = loop.spawn { await self.failure(client, self.call("GET", "http://127.0.0.1:\(server.port)")) }
        try await reached.wait()
        running.cancel()
        #expect(await running.value == .cancelled)
        #expect(client.inFlight == 0)
        try await ended.wait()
    }

    @Test func `closing the client ends its calls, and later ones fail`() async throws {
        try await withEcho { client, _, url in
            let running = loop.spawn { await self.failure(client, self.call("GET", url + "/slow")) }
            await loop.spawn {}.value
            client.close()
            #expect(await running.value == .cancelled)
            #expect(await failure(client, call("GET", url)) == .cancelled)
        }
    }
}

@LoopActor private final class Chunks { var all: [String] = [] }

/// A port whose connections are never made: nobody accepts, and the queue is full.
private final class FullListener {
    let port: Int
    private let descriptors: [Int32]

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let clients = (0..<4).map { _ in socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = unsafe bind(listener, pointer, length)
                _ = unsafe getsockname(listener, pointer, &length)
                listen(listener, 0)
                for client in clients { _ = unsafe connect(client, pointer, length) }
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        descriptors = [listener] + clients
    }

    deinit { for descriptor in descriptors { close(descriptor) } }
}
