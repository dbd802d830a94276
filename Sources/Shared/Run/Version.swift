/// The version of this program, as `--version`, the logs' first line and `rejoinder_build_info` tell it.
package enum Version {
    package static let text = "0.1.0"
}
