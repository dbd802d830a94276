import Native

/// One call of a tool as an HTTP request: the arguments are its JSON body, or the query where the method has none.
@LoopActor enum ToolRequest {
    /// Bytes of an answer past which it is not read.
    static let maxResponseBytes = 4 << 20

    /// - Parameters:
    ///   - arguments: a JSON object that fits the tool's schema.
    ///   - key: the same for every try of one call.
    static func make(_ call: ToolCaller.Call, mayBePrivate: Bool) -> HTTPClient.Request {
        let tool = call.tool, method = tool.method.uppercased(), hasBody = method != "GET" && method != "DELETE"
        var request = HTTPClient.Request(method: method, url: hasBody ? tool.url : url(tool.url, call.arguments))
        request.headers = [("Accept", "application/json, text/*;q=0.9, */*;q=0.1"), ("Idempotency-Key", call.key)]
        if hasBody {
            request.headers.append(("Content-Type", "application/json"))
            request.body = Array(ToolArguments.json(call.arguments).utf8)
        }
        if let traceparent = call.traceparent { request.headers.append(("traceparent", traceparent)) }
        let own = Set(tool.headers.keys.map { $0.lowercased() })
        request.headers.removeAll { own.contains($0.0.lowercased()) && $0.0 != "Idempotency-Key" }
        for (name, value) in tool.headers.sorted(by: { $0.key < $1.key }) where name.lowercased() != "idempotency-key" {
            request.headers.append((name, value))
        }
        request.timeout = max(.milliseconds(1), min(.milliseconds(tool.timeoutMS), call.limit))
        request.maxResponseBytes = maxResponseBytes
        request.allowsPrivateAddresses = mayBePrivate
        return request
    }

    /// With a query field for each argument: texts as they are, everything else as JSON.
    private static func url(_ url: String, _ arguments: String) -> String {
        let fields = try? JSON.read(Array(ToolArguments.json(arguments).utf8)) { json in
            json.fields.filter { !$0.value.isNull }.map { (field: (name: String, value: JSONElement)) in
                var text = JSONWriter()
                text.value(field.value)
                return escaped(field.name) + "=" + escaped(field.value.string ?? text.text)
            }
        }
        guard let fields, !fields.isEmpty else { return url }
        let parts = url.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        return parts[0] + (parts[0].contains("?") ? "&" : "?") + fields.joined(separator: "&")
    }

    /// RFC 3986's unreserved characters stay.
    private static func escaped(_ text: String) -> String { PercentEncoding.encode(text, sparing: "-._~") }
}
