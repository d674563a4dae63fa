"""The catalogue: a data set is present only with all its files, and no name stands twice."""

from experiments.matrices import Dataset, names


def test_a_data_set_is_present_only_with_all_its_files(tmp_path):
    dataset = Dataset("x", "", "", "", files=(("raw/x/a.txt", "raw/x/b.txt"), ("x.npz",)))
    (tmp_path / "raw" / "x").mkdir(parents=True)
    (tmp_path / "raw" / "x" / "a.txt").write_text("a")
    assert dataset.found(tmp_path) is None
    (tmp_path / "raw" / "x" / "b.txt").write_text("b")
    assert dataset.found(tmp_path) == tmp_path / "raw" / "x"
    assert Dataset("y", "", "", "", files=(("x.npz",),)).found(tmp_path) is None


def test_names_are_unique():
    assert len(set(names())) == len(names())
