//go:build !noconsole

package console

import "embed"

//go:embed page
var assets embed.FS
