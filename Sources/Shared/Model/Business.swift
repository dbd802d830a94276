import Native

/// A tenant: who answers, with which words and through which providers.
package struct Business: Sendable, Equatable {
    package enum Status: String, Sendable, Codable, CaseIterable {
        case active
        /// Messages are stored and not answered.
        case paused, disabled
    }

    package var id: String
    package var name: String
    package var status: Status
    package var systemPrompt: String
    /// Nil: the model of the configuration.
    package var aiModel: String?
    /// An IANA name, for quiet hours and reports.
    package var timezone: String
    /// In order of preference, without repeats. Names this program does not know are left out.
    package var providers: [ProviderName]
    package var settings: BusinessSettings {
        // Lends them: who wants one of them does not copy them all.
        _read { yield box.settings }
        set { box = SettingsBox(newValue) }
    }
    /// Those that are enabled, by name.
    package var tools: [Tool]
    private var box: SettingsBox

    package init(
        id: String, name: String, status: Status = .active, systemPrompt: String = "", aiModel: String? = nil,
        timezone: String = "UTC", providers: [ProviderName] = ProviderName.standardOrder,
        settings: BusinessSettings = BusinessSettings(), tools: [Tool] = []
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.systemPrompt = systemPrompt
        self.aiModel = aiModel
        self.timezone = timezone
        self.providers = providers
        box = SettingsBox(settings)
        self.tools = tools
    }
}

/// The settings, held once: they take more than half a kilobyte, and each step of a message under way would hold several
/// copies of its business.
private final class SettingsBox: Sendable, Equatable {
    let settings: BusinessSettings

    init(_ settings: BusinessSettings) { self.settings = settings }

    static func == (a: SettingsBox, b: SettingsBox) -> Bool { a === b || a.settings == b.settings }
}
