import Native

/// Single variables, read as the configuration reads them: an empty one is not set, and `NAME_FILE` names a file.
struct EnvironmentLookup {
    let variables: [String: String]
    var readFile: (String) -> String? = { SmallFile.read($0) }

    init(_ variables: [String: String]) { self.variables = variables }

    subscript(_ name: String) -> String? {
        if let value = variables[name], !value.isEmpty { return value }
        guard let path = variables[name + "_FILE"], !path.isEmpty, var text = readFile(path) else { return nil }
        while text.last?.isNewline == true { text.removeLast() }
        return text.isEmpty ? nil : text
    }
}
