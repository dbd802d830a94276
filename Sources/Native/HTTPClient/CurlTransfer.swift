// glibc's socket types belong to whichever of these modules the compiler reads first.
internal import CLibCurl
internal import CMicroHTTPD
internal import CUV
internal import Glibc

/// One call on its way through libcurl: what is still to be sent, and what has come back.
///
/// libcurl holds it unretained; `CurlMulti` keeps it until the transfer is removed.
@safe @LoopActor final class CurlTransfer {
    typealias Outcome = Result<HTTPClient.Response, HTTPClientError>

    let request: HTTPClient.Request
    /// Owned by `CurlMulti`, which takes it back. Null before the start and after the end.
    var easy: UnsafeMutableRawPointer?
    /// Owned; freed by `end`.
    private var headerList: UnsafeMutablePointer<curl_slist>?
    /// Lives until libcurl has done with it: `end`.
    private var form: CurlForm?
    private var continuation: UnsafeContinuation<Outcome, Never>?
    private let onChunk: HTTPClient.ChunkHandler?
    private var chunks: [[UInt8]] = []
    /// The one it runs on, while it does.
    weak var multi: CurlMulti?
    private(set) var response = HTTPClient.Response()
    private var received = 0
    /// What a callback found wrong. Says more than libcurl's own code.
    private(set) var fault: HTTPClientError?
    private var refusedAddress: String?

    /// - Parameter onChunk: gets the body piece by piece; nil gathers it in the response.
    init(_ request: HTTPClient.Request, onChunk: HTTPClient.ChunkHandler?) {
        self.request = request
        self.onChunk = onChunk
    }

    func begin(_ continuation: UnsafeContinuation<Outcome, Never>) { unsafe self.continuation = continuation }

    /// Ends the wait of the caller. Only the first call has an effect.
    func end(_ outcome: Outcome) {
        unsafe curl_slist_free_all(headerList)
        unsafe headerList = nil
        form = nil
        let continuation = unsafe continuation
        unsafe self.continuation = nil
        unsafe continuation?.resume(returning: outcome)
    }

    /// Hands on what has come. Outside libcurl, because the handler may call the client.
    func deliver() {
        guard let onChunk, !chunks.isEmpty else { return }
        let chunks = chunks
        self.chunks.removeAll(keepingCapacity: true)
        for chunk in chunks { onChunk(response, chunk) }
    }

    /// What libcurl's result means.
    func outcome(_ code: CURLcode, wasSent: Bool) -> Outcome {
        if code == CURLE_OK {
            // libcurl is content with a head that stops in the middle.
            return response.head.isComplete ? .success(response) : .failure(.broken("the answer's head ends early"))
        }
        if let fault { return .failure(fault) }
        if !wasSent, let refusedAddress { return .failure(.refusedAddress(refusedAddress)) }
        return .failure(
            HTTPClientError(code, wasSent: wasSent, detail: unsafe String(cString: curl_easy_strerror(code))))
    }

    // MARK: Settings

    /// Sets a handle that is new or reset. `false`: the method or a header would break the message.
    func configure(_ easy: UnsafeMutableRawPointer, context: UnsafeMutableRawPointer) -> Bool {
        guard request.method.utf8.allSatisfy({ $0 >= 0x41 && $0 <= 0x5A }), !request.method.isEmpty else {
            return false
        }
        unsafe ccurl_set_text(easy, CURLOPT_URL, request.url)
        unsafe ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        // Its environment variables would otherwise choose where our requests go.
        unsafe ccurl_set_text(easy, CURLOPT_NOPROXY, "*")
        unsafe ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // Gives up a name's look-up without waiting for the resolver's thread, which would hold the loop.
        unsafe ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
        unsafe ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        unsafe ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, request.timeout.milliseconds))
        unsafe ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, request.connectTimeout.milliseconds))
        unsafe ccurl_set_long(easy, CURLOPT_BUFFERSIZE, receiveBufferBytes)
        unsafe ccurl_set_large(easy, CURLOPT_MAXFILESIZE_LARGE, request.maxResponseBytes)
        unsafe ccurl_set_pointer(easy, CURLOPT_PRIVATE, context)
        unsafe ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        unsafe ccurl_set_data(easy, CURLOPT_WRITEFUNCTION, onBody)
        unsafe ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        unsafe ccurl_set_data(easy, CURLOPT_HEADERFUNCTION, onHeader)
        unsafe ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        unsafe ccurl_set_open_socket(easy, onOpenSocket)
        if !request.isAsking, !request.mayBeRepeated {
            unsafe ccurl_set_pointer(easy, CURLOPT_PREREQDATA, context)
            unsafe ccurl_set_before_request(easy, onRequest)
        }
        if request.form.isEmpty {
            unsafe setMethod(easy)
        } else {
            guard unsafe setForm(easy) else { return false }
        }
        return unsafe setHeaders(easy)
    }

    private func setMethod(_ easy: UnsafeMutableRawPointer) {
        if request.method == "HEAD" { unsafe ccurl_set_long(easy, CURLOPT_NOBODY, 1) }
        if request.isAsking { return }
        unsafe ccurl_set_long(easy, CURLOPT_POST, 1)
        if request.method != "POST" { unsafe ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method) }
        unsafe ccurl_set_large(easy, CURLOPT_POSTFIELDSIZE_LARGE, request.body.count)
        guard !request.body.isEmpty else {
            unsafe ccurl_set_text(easy, CURLOPT_COPYPOSTFIELDS, "")
            return
        }
        // Not read through a function: for that libcurl keeps a buffer of 16 KB until the answer has come.
        _ = unsafe request.body.withUnsafeBytes {
            unsafe ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress))
        }
    }

    private func setForm(_ easy: UnsafeMutableRawPointer) -> Bool {
        guard let form = unsafe CurlForm(request.form, for: easy) else { return false }
        self.form = form
        form.set()
        return true
    }

    private func setHeaders(_ easy: UnsafeMutableRawPointer) -> Bool {
        // Neither wait for a 100 nor call a body a form.
        guard addHeader("Expect:") else { return false }
        let hasType = request.headers.contains { $0.0.lowercased() == "content-type" }
        if !hasType, request.form.isEmpty, !addHeader("Content-Type:") { return false }
        for (name, value) in request.headers {
            guard HTTPToken.isToken(name), Self.isOneLine(value),
                addHeader(value.isEmpty ? name + ";" : name + ": " + value)
            else { return false }
        }
        unsafe ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, UnsafeMutableRawPointer(headerList))
        return true
    }

    private static func isOneLine(_ value: String) -> Bool {
        let bytes = value.utf8.span
        return bytes.indices.allSatisfy { bytes[$0] != 0x0D && bytes[$0] != 0x0A && bytes[$0] != 0 }
    }

    /// `false`: out of memory.
    private func addHeader(_ line: String) -> Bool {
        guard let longer = unsafe curl_slist_append(headerList, line) else { return false }
        unsafe headerList = longer
        return true
    }

    /// libcurl holds as much for each call under way, from its start to its end; 16 KB if nothing is said. What is posted
    /// has an answer of some lines, for which it may wait long; the least that libcurl takes does for it.
    private var receiveBufferBytes: Int { request.method == "POST" ? 1024 : 4096 }

    // MARK: What libcurl calls

    /// - Returns: bytes taken; fewer than given stop the transfer.
    fileprivate func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        received += bytes.count
        guard received <= request.maxResponseBytes else {
            fault = .responseTooLarge(limit: request.maxResponseBytes)
            return 0
        }
        noteStatus()
        if onChunk == nil {
            unsafe response.body.append(contentsOf: bytes)
        } else {
            if chunks.isEmpty { multi?.noteChunk(self) }
            unsafe chunks.append([UInt8](bytes))
        }
        return bytes.count
    }

    fileprivate func takeHeader(_ line: UnsafeRawBufferPointer) { unsafe response.head.add(line) }

    /// Reads the status while the handle is ours.
    func noteStatus() {
        guard response.status == 0, let easy = unsafe easy else { return }
        var status = 0
        unsafe ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        response.status = status
    }

    /// Whether the request may go out on the connection that libcurl has for it. libcurl sends a request again when a kept
    /// connection ends without an answer, and then the server may act on it twice.
    fileprivate func mayGoOut() -> Bool {
        guard let easy = unsafe easy else { return false }
        var sentBytes = 0
        unsafe ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &sentBytes)
        if sentBytes > 0 { fault = .broken("the connection ended without an answer") }
        return sentBytes == 0
    }

    fileprivate func refuse(_ address: String) { refusedAddress = address }

    func noteTooLarge() { fault = fault ?? .responseTooLarge(limit: request.maxResponseBytes) }
}

@LoopActor private func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
    unsafe Unmanaged<CurlTransfer>.fromOpaque(context!).takeUnretainedValue()
}

private typealias OnBytes =
    @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int

@LoopActor private let onBody: OnBytes = { bytes, size, count, context in
    unsafe transfer(context).takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

@LoopActor private let onHeader: OnBytes = { bytes, size, count, context in
    unsafe transfer(context).takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

@LoopActor private let onRequest: curl_prereq_callback = { context, _, _, _, _ in
    unsafe transfer(context).mayGoOut() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// The last moment before a connection is made: the name is resolved, so what is judged is what is connected to.
@LoopActor private let onOpenSocket: curl_opensocket_callback = { context, _, address in
    guard let address = unsafe address else { return CURL_SOCKET_BAD }
    let transfer = unsafe transfer(context)
    if !transfer.request.allowsPrivateAddresses {
        let bytes = unsafe address.pointee.addressBytes
        guard PublicAddress.contains(bytes) else {
            transfer.refuse(unsafe address.pointee.text)
            return CURL_SOCKET_BAD
        }
    }
    let kind = unsafe address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    let socket = unsafe socket(address.pointee.family, kind, address.pointee.protocol)
    if socket >= 0 { transfer.multi?.noteOpened(socket) }
    return socket
}

extension curl_sockaddr {
    /// The address without port, in network order; empty for other families than IP.
    fileprivate var addressBytes: [UInt8] {
        mutating get {
            let (offset, count) = family == AF_INET ? (4, 4) : family == AF_INET6 ? (8, 16) : (0, 0)
            return unsafe withUnsafeMutableBytes(of: &addr) { start in
                // `addr` is as long as the family needs, whatever its type says.
                unsafe [UInt8](UnsafeRawBufferPointer(start: start.baseAddress! + offset, count: count))
            }
        }
    }

    fileprivate var text: String {
        mutating get {
            let bytes = addressBytes
            return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { space in
                guard unsafe inet_ntop(family, bytes, space.baseAddress!, 64) != nil else { return "family \(family)" }
                return unsafe String(cString: space.baseAddress!)
            }
        }
    }
}
