internal import CUV
internal import Glibc

/// Why a name has no address. `reason` is the resolver's own words.
package struct ResolveError: Error, Equatable, Sendable, CustomStringConvertible {
    package let host: String
    package let reason: String
    package var description: String { "no address for \(host): \(reason)" }
}

extension EventLoop {
    /// The IP addresses of `host` in the order to try them, at least one. A literal address is returned as it is.
    ///
    /// The system's resolver runs on libuv's pool of threads, so the loop is not blocked. It is not cancellable;
    /// resolv.conf bounds how long it takes.
    @LoopActor package func resolve(_ host: String) async throws(ResolveError) -> [String] {
        if isAddress(host) { return [host] }
        let request = AddressRequest(host: host)
        let result = await unsafe withUnsafeContinuation { unsafe request.start(on: self, $0) }
        return try result.get()
    }

    private func isAddress(_ host: String) -> Bool {
        var space = in6_addr()
        return unsafe uv_inet_pton(AF_INET, host, &space) == 0 || uv_inet_pton(AF_INET6, host, &space) == 0
    }
}

/// One question to the system's resolver. Keeps itself alive until libuv calls back.
@safe @LoopActor private final class AddressRequest {
    typealias Answer = Result<[String], ResolveError>

    private let host: String
    /// Freed by `end`, which is called once for each `start`.
    private let request = UnsafeMutablePointer<uv_getaddrinfo_t>.allocate(capacity: 1)
    private var continuation: UnsafeContinuation<Answer, Never>?

    init(host: String) { self.host = host }

    func start(on loop: EventLoop, _ continuation: UnsafeContinuation<Answer, Never>) {
        unsafe self.continuation = continuation
        unsafe request.pointee.data = Unmanaged.passRetained(self).toOpaque()
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        let status = unsafe uv_getaddrinfo(
            loop.uv, request,
            { request, status, addresses in
                let owner = unsafe Unmanaged<AddressRequest>.fromOpaque(request!.pointee.data!)
                unsafe owner.takeRetainedValue().end(status: status, addresses)
            }, host, nil, &hints)
        if status < 0 {
            unsafe Unmanaged.passUnretained(self).release()
            unsafe end(status: status, nil)
        }
    }

    /// Frees `addresses`.
    private func end(status: Int32, _ addresses: UnsafeMutablePointer<addrinfo>?) {
        defer { unsafe uv_freeaddrinfo(addresses) }
        var found: [String] = []
        var next = unsafe addresses
        while let entry = unsafe next {
            unsafe next = entry.pointee.ai_next
            if let address = unsafe text(of: entry.pointee), !found.contains(address) { found.append(address) }
        }
        let reason = status < 0 ? unsafe String(cString: uv_strerror(status)) : "the answer was empty"
        let answer: Answer = found.isEmpty ? .failure(ResolveError(host: host, reason: reason)) : .success(found)
        unsafe request.deallocate()
        unsafe continuation?.resume(returning: answer)
        unsafe continuation = nil
    }

    private func text(of entry: addrinfo) -> String? {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer in
            let status = unsafe getnameinfo(
                entry.ai_addr, entry.ai_addrlen, buffer.baseAddress!, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
            return unsafe status == 0 ? String(cString: buffer.baseAddress!) : nil
        }
    }
}
