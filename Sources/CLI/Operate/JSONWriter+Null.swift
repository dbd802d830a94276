import Native

/// Fields that are null when there is no value.
extension JSONWriter {
    mutating func field(_ name: StaticString, orNull text: String?) {
        key(name)
        if let text { value(text) } else { null() }
    }

    mutating func field(_ name: StaticString, orNull number: Int?) {
        key(name)
        if let number { value(number) } else { null() }
    }
}
