"""Documents made of figures and texts: slides, oplegger, workbook, report, factsheet, data package."""
