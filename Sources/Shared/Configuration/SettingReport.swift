/// One variable as it was read: what `rejoinder config` prints.
package struct SettingReport: Sendable, Equatable {
    package let name: String
    /// The value in force, a secret as dots; nil when it is not set and has no default.
    package let value: String?
    /// nil when there is none.
    package let defaultValue: String?
    package let meaning: String
    /// Whether the environment sets it.
    package let isSet: Bool
}
