package double

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
)

// Unpack writes the files of a package below folder, with the mode bits that the package gives them.
func Unpack(path, folder string) error {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer archive.Close()
	for _, entry := range archive.File {
		if err := unpackFile(entry, folder); err != nil {
			return err
		}
	}
	return nil
}

func unpackFile(entry *zip.File, folder string) error {
	path := filepath.Join(folder, filepath.FromSlash(entry.Name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	content, err := entry.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	text, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, entry.Mode())
}
