//go:build noconsole

package console

import "embed"

var assets embed.FS // nothing
