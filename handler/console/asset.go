package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// An asset is one file of the page. Text is compressed when it is first asked for; large libraries lie
// compressed in the program. Either form is made once: anyone may ask, and no call is counted.
type asset struct {
	kind          string // its media type
	policy        string
	plain, packed func() []byte
	version       func() string
}

// gzipSuffix marks a file that lies compressed.
const gzipSuffix = ".gz"

func newAsset(name string, text []byte) *asset {
	a := &asset{kind: kindOf(strings.TrimSuffix(name, gzipSuffix)), policy: policyOf(name)}
	as := func() []byte { return text }
	if strings.HasSuffix(name, gzipSuffix) {
		a.packed, a.plain = as, sync.OnceValue(func() []byte { return unpack(text) })
	} else {
		a.plain, a.packed = as, sync.OnceValue(func() []byte { return pack(text) })
	}
	a.version = sync.OnceValue(func() string {
		sum := sha256.Sum256(a.packed())
		return hex.EncodeToString(sum[:8])
	})
	return a
}

// kindOf does not ask the machine it runs on, whose tables differ.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".json":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "text/plain; charset=utf-8"
}

func pack(text []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a valid one
	_, _ = w.Write(text)                                  // into memory
	_ = w.Close()
	return b.Bytes()
}

func (a *asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", a.kind)
	header.Set("Vary", "Accept-Encoding")
	header.Set("Cache-Control", "no-cache") // asked again each time, answered 304: a new program has new files
	secure(header, a.policy)
	content, version := a.plain, a.version()
	if takesGzip(r) {
		content, version = a.packed, version+"-gzip"
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("ETag", `"`+version+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content()))
}

func unpack(packed []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil // the tests unpack every file
	}
	text, _ := io.ReadAll(r)
	return text
}

// takesGzip reports whether the client takes compressed answers.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, weight, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if strings.EqualFold(coding, "gzip") {
			return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
		}
	}
	return false
}
