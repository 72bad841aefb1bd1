"""One description per figure; screen, print and files only draw it."""
