import Native

/// What the body of an error says, in the forms of real servers:
///
///     {"error":{"message":"…","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}     OpenAI
///     {"error":{"message":"…","type":"NotFoundError","param":null,"code":404}}                           vLLM
///     {"object":"error","message":"…","type":"BadRequestError","param":null,"code":400}                  vLLM before 0.9
///     {"error":{"message":"…","type":"auth_error","param":"None","code":"401"}}                          LiteLLM
///     {"error":{"code":"DeploymentNotFound","message":"…"}}, {"statusCode":401,"message":"…"}            Azure
///     {"error":"model 'x' not found"}                                                                    Ollama
///     {"error":{"message":"…","code":402}}                                                               OpenRouter
@LoopActor struct ChatErrorBody {
    /// Whether it is an error of an API, and no page of a proxy.
    private(set) var isThere = false
    /// Codes and types, lower case.
    private(set) var words: Set<String> = []
    /// The word that says most, for logs.
    private(set) var word: String?
    /// The parameter that was refused, for logs.
    private(set) var parameter: String?
    /// A code that is a number: the status, where the answer's own says 200.
    private(set) var number: Int?

    init(_ body: [UInt8]) {
        // What is no JSON says nothing.
        try? JSON.read(body) { read($0) }
    }

    init(_ json: JSONElement) { read(json) }

    private mutating func read(_ json: JSONElement) {
        isThere = json["error"] != nil || json["message"] != nil
        let error = json["error"].flatMap { $0.isObject ? $0 : nil } ?? json
        number = error["code"]?.int ?? error["code"]?.string.flatMap { Int($0) }
        let found = [error["code"], error["type"]].compactMap { $0?.string.flatMap { Self.plain($0) } }
        words = Set(found.map { $0.lowercased() })
        word = found.first { Int($0) == nil && $0 != "None" }
        parameter = error["param"]?.string.flatMap { Self.plain($0) }.flatMap { $0 == "None" ? nil : $0 }
    }

    /// A word of a program's, not a sentence, which could hold anything.
    private static func plain(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || "_-.[]".utf8.contains(byte)
        }
        return isPlain && (1...60).contains(text.utf8.count) ? text : nil
    }
}
