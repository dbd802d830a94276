import Native

extension Configuration {
    /// Reads this process's environment. When something is wrong with it, says all of it on stderr and ends the
    /// process with status 78.
    package static func load(role: Role, environment: [String: String]) -> Configuration {
        do throws(ConfigurationFault) {
            return try Configuration(
                environment: environment, role: role, isTerminal: StandardStream.error.isTerminal,
                readFile: { SmallFile.read($0) })
        } catch {
            StandardStream.error.write("\(error)\n")
            ProcessExit.now(ConfigurationFault.exitStatus)
        }
    }
}
