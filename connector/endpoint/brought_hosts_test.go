package endpoint

import (
	"strconv"
	"strings"
	"testing"
)

func TestAllowHosts(t *testing.T) {
	for _, good := range []string{
		"team.services.ai.azure.com", "*.services.ai.azure.com", "*.Azure.COM", "localhost", "localhost:8443", "*.example.com:8443",
		"a-b.xn--p1ai", "models.github.ai:443", "x1.example.com", "127.0.0.1.example.com",
	} {
		b, err := NewBrought(BroughtConfig{AllowHosts: []string{good}})
		if err != nil {
			t.Errorf("%s: got %v", good, err)
			continue
		}
		b.Close()
	}
}

// Each mistake in a list of hosts is told, by its place.
func TestAllowHostsRefused(t *testing.T) {
	bad := []string{
		"", "*", "*.", "*.com", "*.localhost", "*com", "*.*.example.com", "a.*.example.com", "x*.example.com", "**.example.com",
		"https://example.com", "example.com/", "example.com/models", "example.com?x", "example.com#x", "user@example.com",
		".example.com", "example.com.", "*.example.com.", "a..example.com", " example.com", "example.com ", "exa mple.com", "example.com\n",
		"bücher.example", "\u212aube.example", "127.0.0.1", "*.0.1", "0x7f.1", "1", "[::1]", "::1", "[::1]:8443", "10.0.0.0/8",
		"example.com:", "example.com:0", "example.com:65536", "example.com:0443", "example.com:+443", "example.com:*", "example.com:80:80",
		"-a.example.com", "a-.example.com", "a_b.example.com", strings.Repeat("a", 64) + ".example.com", strings.Repeat("a.", 126) + "aa",
	}
	_, err := NewBrought(BroughtConfig{AllowHosts: append([]string{"good.example.com"}, bad...)})
	if err == nil {
		t.Fatal("got no error")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(bad) {
		t.Errorf("got %d lines, want %d:\n%v", len(lines), len(bad), err)
	}
	for i, text := range bad {
		if place := "allowHosts[" + strconv.Itoa(i+1) + "] must be "; !strings.Contains(err.Error(), place) {
			t.Errorf("%q is accepted", text)
		}
	}
	if _, err := NewBrought(BroughtConfig{}); err == nil || !strings.HasPrefix(err.Error(), "allowHosts must ") {
		t.Errorf("got %v for no hosts", err)
	}
}
