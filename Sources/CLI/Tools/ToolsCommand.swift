import Native
import Shared

/// `rejoinder tools`: a business's tools, as the AI is told them.
@LoopActor struct ToolsCommand {
    private let options: ToolsOptions
    private let servers: Servers
    private let hosts: OutboundHosts
    private let output: (String) -> Void

    /// - Parameter hosts: private ones that a tool's URL may name.
    init(
        _ options: ToolsOptions, _ servers: Servers, hosts: OutboundHosts,
        output: @escaping (String) -> Void = { StandardStream.output.write($0) }
    ) {
        self.options = options
        self.servers = servers
        self.hosts = hosts
        self.output = output
    }

    /// Returns the status to exit with.
    func run() async throws(OperateFailure) -> Int32 {
        // What is wrong with the declaration is told without a database too.
        let declared = try declaration()
        try await servers.openDatabase()
        let store = BusinessStore(pool: servers.postgres), business = options.business
        do throws(StoreError) {
            guard try await store.settings(of: business) != nil else {
                return OperateFailure.tell("there is no business \(business)")
            }
            switch options.action {
            case .list:
                let tools = try await store.tools(of: business)
                output(options.isJSON ? ToolsJSON.list(tools) : ToolsText.list(tools))
                return 0
            case .add:
                guard let declared else { preconditionFailure("nothing was declared") }
                let isNew = try await store.tools(of: business).allSatisfy { $0.name != declared.name }
                try await store.put(declared, of: business)
                return changed(declared.name, isNew ? "added" : "replaced")
            case .remove(let name):
                return try await store.removeTool(name, of: business) ? changed(name, "removed") : missing(name)
            case .enable(let name):
                return try await store.setTool(name, of: business, enabled: true)
                    ? changed(name, "enabled") : missing(name)
            case .disable(let name):
                return try await store.setTool(name, of: business, enabled: false)
                    ? changed(name, "disabled") : missing(name)
            case .test(let name, let arguments):
                guard let tool = try await store.tools(of: business).first(where: { $0.name == name }) else {
                    return missing(name)
                }
                return await test(tool, arguments)
            }
        } catch {
            throw OperateFailure(error.told)
        }
    }

    private func declaration() throws(OperateFailure) -> Tool? {
        if case .add(let declared) = options.action { try ToolReader.tool(declared) } else { nil }
    }

    private func test(_ tool: Tool, _ arguments: String) async -> Int32 {
        let http = HTTPClient(), start = MonotonicInstant.now()
        defer { http.close() }
        let key = "test-" + Hex.encode(randomBytes(8))
        let call = ToolCaller.Call(tool: tool, arguments: arguments, key: key, limit: .milliseconds(tool.timeoutMS))
        do {
            let result = try await ToolCaller(http: http, hosts: hosts).run(call), took = MonotonicInstant.now() - start
            output(options.isJSON ? ToolsJSON.test(result, took) : ToolsText.test(result, took))
            return result.outcome == .done ? 0 : 1
        } catch {
            return OperateFailure.tell("cancelled")
        }
    }

    private func changed(_ name: String, _ what: String) -> Int32 {
        output(
            options.isJSON
                ? ToolsJSON.change(name, of: options.business, what)
                : "Tool \(name) of \(options.business) is \(what).\n")
        return 0
    }

    private func missing(_ name: String) -> Int32 {
        OperateFailure.tell("\(options.business) has no tool \(Shown.line(name))")
    }
}
