/// Everything that is wrong with the environment, found in one pass.
package struct ConfigurationFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// A line each: the variable's name, what was wrong, an example.
    package let problems: [String]

    package init(problems: [String]) { self.problems = problems }

    package var description: String { "bad configuration:\n" + problems.map { "  - \($0)" }.joined(separator: "\n") }

    /// What a process exits with: EX_CONFIG of sysexits.h.
    package static let exitStatus: Int32 = 78
}
