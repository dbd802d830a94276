import Native
import Shared

/// `rejoinder doctor`: looks at a deployment from outside and says in plain words what is wrong.
@LoopActor struct DoctorCommand {
    let options: DoctorOptions

    nonisolated init(_ options: DoctorOptions) { self.options = options }

    /// Returns the status to exit with.
    func run(environment: [String: String]) async -> Int32 {
        do throws(OperateFailure) {
            let deployment = try Deployment.find(data: options.data, environment: environment)
            let findings = await examine(deployment)
            if !options.isJSON { StandardStream.output.write("\n\(findings.summary)\n") }
            return findings.exitStatus
        } catch {
            StandardStream.error.write("rejoinder: \(error)\n")
            return error.status
        }
    }

    private func examine(_ deployment: Deployment) async -> [Finding] {
        let examination: Examination
        do throws(ConfigurationFault) {
            examination = try Examination(deployment, try deployment.configuration())
        } catch {
            let findings = error.problems.map {
                Finding.wrong(
                    "configuration", $0, do: "Nothing else was checked; `rejoinder config` lists all variables")
            }
            findings.forEach(tell)
            return findings
        }
        let first = Finding.right("configuration", "every variable can be used")
        tell(first)
        var findings = [first]
        for check in examination.checks {
            let found = await during(check.title) { await examination.run(check) }
            found.forEach(tell)
            findings += found
        }
        await examination.close()
        return findings
    }

    private func tell(_ finding: Finding) {
        let text = options.isJSON ? finding.json : finding.line(isColored: StandardStream.output.isTerminal)
        StandardStream.output.write(text + "\n")
    }

    /// Says on a terminal what is being looked at, until it was.
    private func during(_ title: String, _ work: () async -> [Finding]) async -> [Finding] {
        let isShown = StandardStream.output.isTerminal && !options.isJSON
        if isShown { StandardStream.output.write("… \(title)") }
        let findings = await work()
        if isShown { StandardStream.output.write("\r\u{1B}[K") }
        return findings
    }
}
