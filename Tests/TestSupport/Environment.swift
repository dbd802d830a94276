import Foundation

/// What the person at the keyboard asks of a test run.
package enum Environment {
    package static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
