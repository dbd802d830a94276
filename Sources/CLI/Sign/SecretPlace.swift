/// Where a secret or key is kept, as whoever sets it knows it.
enum SecretPlace: Equatable, CustomStringConvertible {
    /// A variable of the environment.
    case variable(String)
    /// A key of `businesses.settings`.
    case setting(String)

    /// A setting is called as the variable that it stands in for, in small letters.
    ///
    /// - Parameter isOwn: whether the business has set it for itself.
    init(_ variable: String, isOwn: Bool) {
        self = isOwn ? .setting(variable.lowercased()) : .variable(variable)
    }

    var description: String {
        switch self {
        case .variable(let name): name
        case .setting(let key): "businesses.settings.\(key)"
        }
    }

    /// What a shell's line says in place of the value.
    var shellVariable: String {
        switch self {
        case .variable(let name), .setting(let name): "$" + name
        }
    }
}
