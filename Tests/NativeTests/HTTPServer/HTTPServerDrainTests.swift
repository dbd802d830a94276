import Native
import TestSupport
import Testing

@Suite("HTTP server drain", .onLoop)
@LoopActor struct HTTPServerDrainTests {
    @Test func `a drain finishes what was read, closes what waits and refuses what is new`() async throws {
        let started = Gate(), gate = Gate()
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { request in
            if request.path == "/held" {
                started.open()
                try? await gate.wait()
            }
            return .text("finished")
        }
        try server.start()
        let port = server.port
        let client = LoopActor.loop.spawn {
            try await offLoop {
                let idle = try RawHTTPClient(port: port)
                try idle.request()
                _ = try idle.answer()
                let busy = try RawHTTPClient(port: port)
                try busy.request("GET", "/held")
                // Ends because the drain closes it.
                let isIdleClosed = try idle.isEnded()
                let isRefused = (try? RawHTTPClient(port: port)) == nil
                LoopActor.loop.spawn { gate.open() }
                let answer = try busy.answer()
                return (answer, isIdleClosed, isRefused, try busy.isEnded())
            }
        }
        try await started.wait()
        await server.drain(within: .seconds(5))
        let (answer, isIdleClosed, isRefused, isBusyClosed) = try await client.value
        #expect(answer.body == "finished")
        #expect(answer.header("Connection")?.lowercased() == "close")
        #expect(isIdleClosed && isRefused && isBusyClosed)
        #expect(server.connectionCount == 0)
    }

    @Test func `a drain ends at its limit although a handler does not`() async throws {
        let started = Gate(), gate = Gate(), finished = Gate()
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { request in
            #expect(request.header("Host") == "test")
            started.open()
            try? await gate.wait()
            // The connection is gone, and what was looked up in it with it.
            #expect(request.header("Host") == nil)
            #expect(request.remoteAddress == "")
            finished.open()
            return .text("for nobody")
        }
        try server.start()
        let port = server.port
        let client = LoopActor.loop.spawn {
            try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.request()
                return try client.isEnded()
            }
        }
        try await started.wait()
        // Returns although the handler waits for the gate, which opens only behind this.
        await server.drain(within: .milliseconds(50))
        #expect(try await client.value)
        gate.open()
        try await finished.wait()
    }

    @Test func `a server that was stopped can start again`() async throws {
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { _ in .text("again") }
        for _ in 0..<3 {
            try server.start()
            let port = server.port
            let body = try await offLoop {
                let client = try RawHTTPClient(port: port)
                try client.request()
                return try client.answer().body
            }
            #expect(body == "again")
            await server.drain(within: .seconds(1))
        }
    }

    @Test func `a server that stops is let go`() async throws {
        weak var gone: HTTPServer?
        do {
            let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { _ in .text("") }
            gone = server
            try server.start()
            server.stop()
        }
        await LoopActor.loop.spawn {}.value
        #expect(gone == nil)
    }
}
