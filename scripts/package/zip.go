package main

import (
	"archive/zip"
	"errors"
	"io/fs"
	"os"
	"sort"
	"time"
)

// file is one entry of a zip.
type file struct {
	name string
	mode fs.FileMode
	text []byte
}

// epoch is the time of every entry: the earliest that zip can tell.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// writeZip writes files in the order of their names.
func writeZip(path string, files []file) (size int64, err error) {
	sort.Slice(files, func(i, j int) bool { return files[i].name < files[j].name })
	out, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	archive := zip.NewWriter(out)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: epoch}
		header.SetMode(f.mode)
		w, err := archive.CreateHeader(header)
		if err != nil {
			return 0, err
		}
		if _, err := w.Write(f.text); err != nil {
			return 0, err
		}
	}
	if err := archive.Close(); err != nil {
		return 0, err
	}
	info, err := out.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
