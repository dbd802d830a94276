import Foundation

/// How long a scenario lasts: `CHAOS=long` as issue and documents state it, else short, for each change.
enum ChaosForm {
    case short, long

    static let current: ChaosForm = ProcessInfo.processInfo.environment["CHAOS"] == "long" ? .long : .short

    /// The value of the form that is run.
    static func pick<T>(long: T, short: T) -> T { current == .long ? long : short }
}
