package console

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"inferenceconnector/schema"
)

// Path is where the page is. Its files are below it.
const Path = "/console"

// pages are the files with an address of their own.
var pages = map[string]string{"": "index.html", "/reference": "reference.html"}

// A Handler serves the page. It is safe for concurrent use; nil has nothing to serve.
type Handler struct{ assets map[string]*asset } // by address, below Path

// New returns a Handler, nil in a program that was built without the page.
func New(actions []*schema.Action) (*Handler, error) {
	files, err := fs.Sub(assets, "page")
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(files, pages[""]); err != nil {
		return nil, nil
	}
	h := &Handler{map[string]*asset{}}
	if err := h.addFiles(files); err != nil {
		return nil, err
	}
	text, err := describe(actions)
	if err != nil {
		return nil, err
	}
	h.assets["/actions.json"] = newAsset("actions.json", text)
	return h, nil
}

func (h *Handler) addFiles(files fs.FS) error {
	addresses := map[string]string{}
	for address, name := range pages {
		addresses[name] = address
	}
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		address, isPage := addresses[name]
		if !isPage {
			address = "/" + strings.TrimSuffix(name, gzipSuffix)
		}
		h.assets[address] = newAsset(name, text)
		return nil
	})
}

// Has reports whether a path leads to a file of the page, or would without the slash at its end.
func (h *Handler) Has(path string) bool {
	asset, _ := h.find(path)
	return asset != nil
}

// find returns what a path leads to, and how many slashes it has too many at its end. Other doubled slashes do no
// harm, as on all routes.
func (h *Handler) find(address string) (a *asset, slashes int) {
	below, ok := strings.CutPrefix(path.Clean(address), Path)
	if !ok || h == nil {
		return nil, 0
	}
	return h.assets[below], len(address) - len(strings.TrimRight(address, "/"))
}

// ServeHTTP serves a path that the Handler has. The page refers to its files from where it is, whatever a platform
// put in front, so it has one address: without a slash at the end.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asset, slashes := h.find(r.URL.Path)
	if slashes == 0 {
		asset.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Location", strings.Repeat("../", slashes)+path.Base(r.URL.Path))
	w.WriteHeader(http.StatusPermanentRedirect)
}
