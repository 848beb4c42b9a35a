// Package configs holds the reference configuration file: every key, commented out, at its default.
package configs

import _ "embed"

// Reference is the text of vpo.toml.
//
//go:embed vpo.toml
var Reference string
