import Native

extension Log {
    @LoopActor package convenience init(_ settings: LogSettings) {
        self.init(level: settings.level, isText: settings.format == .text)
    }
}
