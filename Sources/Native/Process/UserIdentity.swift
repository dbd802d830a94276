internal import Glibc

/// A user of this machine, by number.
package struct UserIdentity: Hashable, Sendable {
    package let user: UInt32
    package let group: UInt32

    package init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    /// Whom this process acts as.
    package static var current: UserIdentity { UserIdentity(user: geteuid(), group: getegid()) }

    package var isRoot: Bool { user == 0 }

    /// The user of that name and its own group, or nil when there is none. May read files: not while serving.
    package init?(named name: String) {
        guard let entry = unsafe getpwnam(name) else { return nil }
        unsafe self.init(user: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
    }
}
