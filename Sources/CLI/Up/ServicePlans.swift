import Native

/// How our own programs are run by `up`. They lie beside this one.
@LoopActor struct ServicePlans {
    /// Where the programs are.
    let programs: String
    let data: DataFolder
    let http: HTTPClient
    /// What the services may take to end when asked, beyond which they are killed.
    let grace: Duration

    func simulator(port: Int, environment: [String: String]) -> PartPlan {
        var command = command("rejoinder-simulator", environment)
        command.arguments = ["--port", "\(port)"]
        var plan = plan("simulator", "Simulator", command, "http://127.0.0.1:\(port)/health/live", grace: .seconds(5))
        plan.isServer = true
        return plan
    }

    func api(_ services: ServiceEnvironment) -> PartPlan {
        let command = command("rejoinder-api", services.variables(metricsPort: nil))
        return plan("api", "API", command, ready(services.apiPort), grace: grace)
    }

    /// - Parameter number: nil when there is only one.
    func worker(number: Int?, _ services: ServiceEnvironment, metricsPort: Int) -> PartPlan {
        let command = command("rejoinder-worker", services.variables(metricsPort: metricsPort))
        return plan(
            "worker" + (number.map { "-\($0)" } ?? ""), "Worker" + (number.map { " \($0)" } ?? ""), command,
            ready(metricsPort), grace: grace)
    }

    func scheduler(_ services: ServiceEnvironment, metricsPort: Int) -> PartPlan {
        let command = command("rejoinder-scheduler", services.variables(metricsPort: metricsPort))
        return plan("scheduler", "Scheduler", command, ready(metricsPort), grace: grace)
    }

    private func command(_ program: String, _ environment: [String: String]) -> ChildCommand {
        var command = ChildCommand(programs + "/" + program)
        command.environment = environment
        command.workingDirectory = data.path
        return command
    }

    private func ready(_ port: Int) -> String { "http://127.0.0.1:\(port)/health/ready" }

    private func plan(
        _ name: String, _ title: String, _ command: ChildCommand, _ url: String, grace: Duration
    ) -> PartPlan {
        let probe = HTTPProbe(client: http)
        return PartPlan(
            name: name, title: title, command: command, stopSignal: .terminate, grace: grace, readyWithin: .seconds(60),
            notReady: { await probe.notReady(url) })
    }
}
