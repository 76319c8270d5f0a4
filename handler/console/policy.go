package console

import (
	"net/http"
	"strings"
)

// What a browser may do with the page: nothing but its own files and this server, and never inside another page.
// Images are what a person attached. Text from a model is never taken for markup.
const (
	strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	page = strict + "; require-trusted-types-for 'script'; trusted-types 'none'"
)

// reading is for the viewer of the definition, which writes styles into its elements.
var reading = strings.Replace(strict, "style-src 'self'", "style-src 'self' 'unsafe-inline'", 1)

func policyOf(name string) string {
	if name == "reference.html" {
		return reading
	}
	return page
}

// secure says the rest of what a page without secrets of its own should say.
func secure(header http.Header, policy string) {
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}
