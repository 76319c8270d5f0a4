package endpoint

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// FuzzBrought: whatever is accepted leads to an allowed host over https, as net/url reads it again, and an
// address that is brought again is the same one.
func FuzzBrought(f *testing.F) {
	for _, address := range []string{
		"https://team.hidden.example/models", "HTTPS://A.B.hidden.EXAMPLE:443//v1/chat/completions?api-version=1#", "https://hidden.example.com:8443/%2e%2E/x",
		"https://evil.example\\@team.hidden.example", "https://team.hidden.example:8443", "https://[::1%25.hidden.example]", "https://a%2Fb.hidden.example/%2f",
	} {
		f.Add(address)
	}
	b := newBrought(f, BroughtConfig{AllowHosts: []string{"*.hidden.example", "hidden.example.com:8443"}})
	f.Fuzz(func(t *testing.T, address string) {
		e, err := b.Endpoint(address, secret)
		if err != nil {
			return
		}
		read, err := url.Parse(e.target(chat(t, plainChat)).String())
		if err != nil || read.Scheme != "https" || read.User != nil || !strings.HasSuffix(read.Host, ".hidden.example") && read.Host != "hidden.example.com:8443" {
			t.Errorf("%q leads to %v, %v", address, read, err)
		}
		endsAgain := func(operation string) bool { return strings.HasSuffix(e.address.base, operation) } // and would be cut back again
		if again := b.bring(t, e.Address(), secret).Address(); again != e.Address() && !slices.ContainsFunc(operations, endsAgain) {
			t.Errorf("%q is %s, which is %s", address, e.Address(), again)
		}
	})
}
