import Foundation

/// One connection through a `TCPProxy`: two sockets, and a thread for each direction.
final class TCPProxyLink: @unchecked Sendable {
    private let client, server: Int32
    private let watch: (any ProxyWatch)?
    /// Guards what follows.
    private let lock = NSLock()
    private var isSilent = false
    /// What the server says is dropped.
    private var isDeaf = false
    /// Bytes of replies that may still pass; nil: any number.
    private var repliesLeft: Int?
    private var runningThreads = 2

    /// Owns both descriptors.
    init(client: Int32, server: Int32, watch: (any ProxyWatch)?) {
        self.client = client
        self.server = server
        self.watch = watch
        var on: Int32 = 1
        for descriptor in [client, server] {
            unsafe setsockopt(
                descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    func start(in links: TCPProxy.Links) {
        links.add(self)
        Thread { self.pump(from: self.client, to: self.server, isReply: false, links) }.start()
        Thread { self.pump(from: self.server, to: self.client, isReply: true, links) }.start()
    }

    func cutReplies(after bytes: Int) { lock.withLock { repliesLeft = bytes } }

    func silence() { lock.withLock { isSilent = true } }

    /// Both ends see the end of the connection. Nothing happens once both threads have ended.
    func cut() {
        lock.withLock {
            guard runningThreads > 0 else { return }
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(server, Int32(SHUT_RDWR))
        }
    }

    private func pump(from source: Int32, to sink: Int32, isReply: Bool, _ links: TCPProxy.Links) {
        while true {
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { space, count in
                count = unsafe max(0, recv(source, space.baseAddress, space.count, 0))
            }
            if bytes.isEmpty { break }
            if isReply { tellIfDropped() } else { obey(watch?.judge(bytes) ?? .pass) }
            let allowed = allowance(bytes.count, isReply: isReply)
            guard send(bytes[..<allowed.bytes], to: sink), !allowed.isLast else { break }
        }
        cut()
        let isOver = lock.withLock {
            runningThreads -= 1
            return runningThreads == 0
        }
        if isOver {
            links.remove(self)
            close(client)
            close(server)
        }
    }

    private func obey(_ verdict: ProxyVerdict) {
        switch verdict {
        case .pass: break
        case .stop: silence()
        case .passUnanswered: lock.withLock { isDeaf = true }
        }
    }

    private func tellIfDropped() { if lock.withLock({ isDeaf }) { watch?.droppedReply() } }

    /// How many of these bytes may pass, and whether the connection ends after them.
    private func allowance(_ count: Int, isReply: Bool) -> (bytes: Int, isLast: Bool) {
        lock.withLock {
            if isSilent || (isReply && isDeaf) { return (0, false) }
            guard isReply, let left = repliesLeft else { return (count, false) }
            repliesLeft = max(0, left - count)
            return (min(count, left), left <= count)
        }
    }

    private func send(_ bytes: ArraySlice<UInt8>, to sink: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Foundation.send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
